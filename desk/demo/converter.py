"""The bad converter behind the 繁體 button of the express bulletin: traditional characters, readings in the way."""

from __future__ import annotations

from functools import cache
from typing import Final

from bulletin.text.repair.model import damage
from bulletin.text.script import to_traditional

#: Characters after which this converter leaves a reading, in the order of its table.
_TABLE: Final = (
    "縣xiàn 鄉xiāng 鎮zhèn 產chǎn 業yè 這zhè 個gè 時shí 間jiān 們men 來lái 會huì 開kāi 關guān 門mén 問wèn "
    "題tí 動dòng 務wù 員yuán 辦bàn 實shí 現xiàn 發fā 對duì 進jìn 還hái 過guò 邊biān 達dá 運yùn 選xuǎn "
    "區qū 醫yī 藥yào 貧pín 財cái 資zī 費fèi 購gòu 賬zhàng 頭tóu 領lǐng 導dǎo 術shù 隊duì 陽yáng 階jiē "
    "際jì 項xiàng 萬wàn 億yì 戶hù 樣yàng 樹shù 橋qiáo 檢jiǎn 環huán 場chǎng 報bào 護hù 總zǒng 結jié 級jí "
    "紅hóng 經jīng 統tǒng 線xiàn 組zǔ 當dāng 傳chuán 價jià 優yōu 條tiáo 書shū 東dōng 單dān 農nóng 處chù 圍wéi "
    "壓yā 應yīng 態tài 責zé 質zhì 試shì 話huà 談tán 調diào 讀dú 證zhèng "
)


@cache
def table() -> dict[str, str]:
    """Character to reading, in order."""
    return {entry[0]: entry[1:] for entry in _TABLE.split()}


def badly_converted(text: str) -> str:
    """What the converter serves for a page in simplified characters, markup included."""
    return damage(to_traditional(text), table(), frozenset())
