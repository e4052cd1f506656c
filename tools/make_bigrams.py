"""Write bulletin/text/repair/bigrams.bz2 from the word pairs of HanLP portable (com.hankcs:hanlp, Apache-2.0).

    python tools/make_bigrams.py hanlp-portable-1.8.4.jar bulletin/text/repair/bigrams.bz2

First the words, a line each: a word and its followers. Then, after an empty line, as many lines of numbers: how often
the word was followed by another, by how many different ones, and how often by each of the followers. `^` is the
beginning of a sentence, `0` any number.
"""

from __future__ import annotations

import array
import bz2
import struct
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

FOLDER = "data/dictionary/"
CLASSES = {"始##始": "^", "未##数": "0"}
LEAST = 1


def integers(data: bytes) -> array.array[int]:
    found = array.array("i", data)
    found.byteswap()
    return found


def words(data: bytes) -> dict[int, str]:
    """The words of the core dictionary by number: a list of attributes, then a double-array trie."""
    (count,) = struct.unpack_from(">i", data)
    at = 4
    for _ in range(count):
        _, natures = struct.unpack_from(">ii", data, at)
        at += 8 + 8 * natures
    (size,) = struct.unpack_from(">i", data, at)
    cells = integers(data[at + 4 : at + 4 + 8 * size])
    base, check = cells[0::2], cells[1::2]
    children = defaultdict(list)
    for place, parent in enumerate(check):
        if parent:
            children[parent].append(place)
    found, stack = {}, [(base[0], "")]
    while stack:
        parent, prefix = stack.pop()
        for place in children[parent]:
            if place == parent and base[place] < 0:
                found[-base[place] - 1] = prefix
            elif base[place] > 0:
                stack.append((base[place], prefix + chr(place - parent - 1)))
    return found


def java_arrays(data: bytes) -> tuple[array.array[int], array.array[int]]:
    """The two serialised int[]: where each word's followers begin, and (follower, count) pairs."""
    at = data.index(b"xp") + 2
    (size,) = struct.unpack_from(">i", data, at)
    starts = integers(data[at + 4 : at + 4 + 4 * size])
    at = data.index(b"uq", at + 4 + 4 * size) + 6
    (size,) = struct.unpack_from(">i", data, at)
    return starts, integers(data[at + 4 : at + 4 + 4 * size])


def lines(names: dict[int, str], starts: array.array[int], pairs: array.array[int]) -> list[tuple[str, str]]:
    out = []
    for number in range(len(starts) - 1):
        word = CLASSES.get(names[number], names[number])
        followers = {}
        for place in range(starts[number], starts[number + 1]):
            follower = names[pairs[2 * place]]
            follower = CLASSES.get(follower, follower)
            if "##" not in follower:
                followers[follower] = pairs[2 * place + 1]
        kept = {follower: count for follower, count in followers.items() if count >= LEAST and " " not in follower}
        if kept and "##" not in word and " " not in word:
            numbers = [sum(followers.values()), len(followers), *(kept[follower] for follower in sorted(kept))]
            out.append((" ".join([word, *sorted(kept)]), " ".join(map(str, numbers))))
    return sorted(out)


def main() -> None:
    with zipfile.ZipFile(sys.argv[1]) as jar:
        names = words(jar.read(FOLDER + "CoreNatureDictionary.mini.txt.bin"))
        starts, pairs = java_arrays(jar.read(FOLDER + "CoreNatureDictionary.ngram.mini.txt.table.bin"))
    runs, numbers = zip(*lines(names, starts, pairs), strict=True)
    text = "\n".join(runs) + "\n\n" + "\n".join(numbers)
    Path(sys.argv[2]).write_bytes(bz2.compress(text.encode()))


if __name__ == "__main__":
    main()
