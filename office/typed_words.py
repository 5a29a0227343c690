"""Words in 拼音 that people use in passwords: words, places and names that guessers try.

The list is hand-written general knowledge: provinces and their capitals, common surnames and given names, terms of endearment, and the
words of an office.
"""

from functools import cache
from itertools import product
from typing import Final

from domain.names.spelling import spelt

_SAID: Final = """
我爱你 我想你 爱你 你好 宝贝 宝宝 老婆 老公 妈妈 爸爸 爱情 爱我 永远 一生一世 快乐 幸福 平安 健康 生日快乐 新年快乐 恭喜发财 发财 吉祥
加油 努力 学习 天天向上 好好学习 成功 胜利 梦想 希望 阳光 朋友 老师 同学 天使 公主 王子 小猪 小猫 小狗 熊猫 老虎 龙 我的 我们 你的
密码 我的密码 新密码 管理员 用户 账号 登录 测试 电脑 手机 系统 中国 中华 祖国 我爱中国 中国人 人民 国家 世界 地球 党 共产党
为人民服务 办公室 政府 财政 财政局 工信局 住建局 清欠 清欠办 账款 拖欠账款 企业 工程 项目 合同 单位 公司 银行 主任 科长 局长 书记 干部
会计 苹果 西瓜 草莓 牛奶 咖啡 足球 篮球 音乐 电影 游戏 英雄 春天 夏天 秋天 冬天 太阳 月亮 星星 大海 黄河 长江 长城 敦煌 祁连山
"""
_PLACES: Final = """
北京 上海 天津 重庆 河北 石家庄 山西 太原 内蒙古 呼和浩特 辽宁 沈阳 大连 吉林 长春 黑龙江 哈尔滨
江苏 南京 苏州 浙江 杭州 宁波 安徽 合肥 福建 福州 厦门 江西 南昌 山东 济南 青岛 河南 郑州 湖北
武汉 湖南 长沙 广东 广州 深圳 广西 南宁 海南 海口 四川 成都 贵州 贵阳 云南 昆明 西藏 拉萨 陕西
西安 甘肃 兰州 青海 西宁 宁夏 银川 新疆 乌鲁木齐 香港 澳门 台湾 台北
"""
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢"
)
_GIVEN: Final = """
伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 霞 平 刚 红 玲 鹏 飞 斌 波 辉 燕 英 华
建国 建军 建华 志强 秀英 秀兰 小红 晓明 海燕 红梅
"""


@cache
def typed_words() -> list[str]:
    """The words as they are typed, including names with and without a surname: `limin`, `min`."""
    given = _GIVEN.split()
    names = [f"{surname}{name}" for surname, name in product(_SURNAMES, given)]
    words = (*_SAID.split(), *_PLACES.split(), *given, *_SURNAMES, *names)
    return list(dict.fromkeys(map(as_typed, words)))


def as_typed(word: str) -> str:
    """A word as it is typed: 安宁区 is `anningqu`."""
    return spelt(word).replace(" ", "")
