"""How values travel to Temporal and back: as JSON, by their Pydantic models."""

from typing import Final

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter

_PYDANTIC = PydanticPayloadConverter()


class _Converter(CompositePayloadConverter):
    """Pydantic's converter, sharing one cache of schemas. The SDK instantiates a converter for every workflow."""

    def __init__(self) -> None:
        super().__init__(*_PYDANTIC.converters.values())


CONVERTER: Final = DataConverter(payload_converter_class=_Converter)
