"""The words by which Hong Kong, Taiwan and the mainland call the same thing, brought to one of them for search."""

import re

# The first word of each line is the common one; all are in simplified characters, after the conversion of Taiwan's
# words (OpenCC's tw2sp), which already knows 伺服器, 軟體, 資訊, 駭客, 登入 and the like.
_SAME = (
    ("邮件", "电邮", "电子邮件", "电子邮箱", "邮箱"),
    ("短信", "短讯", "手机短讯", "简讯"),
    ("手机", "流动电话", "移动电话", "智能电话", "智能手机", "智慧型手机"),
    ("移动应用", "流动应用"),
    ("移动设备", "流动装置", "移动装置", "行动装置"),
    ("账户", "帐户", "帐号", "账号", "户口"),
    ("视频", "视像", "影片"),
    ("安全漏洞", "保安漏洞"),
    ("网络安全", "网络保安", "网路保安", "资通安全", "资安"),
    ("勒索软件", "勒索病毒"),
    ("恶意软件", "恶意程序", "恶意代码"),
    ("数据泄露", "数据泄漏", "数据外泄", "资料外泄", "资料泄露", "资料泄漏"),
    ("零日", "零时差"),
    (
        *("多重验证", "多重认证", "双重认证", "双重验证", "多重身份验证", "双重身份验证"),
        *("多因素认证", "多因素验证", "双因素认证", "双因素验证", "多因子认证", "多因子验证"),
    ),
    ("通行密钥", "通行金钥", "密码匙"),
    ("备份", "备援"),
    ("供应商", "厂商"),
)
_COMMON = {other: common for common, *others in _SAME for other in others}
_ANY = re.compile("|".join(sorted(map(re.escape, _COMMON), key=len, reverse=True)))


def common_words(text: str) -> str:
    """A text in simplified characters with the regional words replaced by the common ones."""
    return _ANY.sub(lambda match: _COMMON[match.group()], text)
