"""The points at which workers kill themselves exist in the present code."""

from tests.chaos.monkey import OFTEN
from tests.chaos.waves import LURKS
from tests.durability.points import POINTS


def test_each_point_is_replaced_where_it_is_looked_up() -> None:
    assert [
        name
        for name, point in POINTS.items()
        if vars(point.owner).get(point.function.__name__) is not point.function
    ] == []


def test_the_kill_matrix_names_only_points_that_exist() -> None:
    named = {*OFTEN, *(point for points in LURKS.values() for point in points)}
    assert named - POINTS.keys() == {"before", "after"}
