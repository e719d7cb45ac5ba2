#!/usr/bin/env python3
"""What transformers makes of some texts: pieces and vectors, for encoder_reference_test.cpp.

Writes JSON: texts, ids and cased_ids (the tokenizer with and without do_lower_case), vectors (mean over the tokens,
normalised), as sentence-transformers computes them: cut to max_seq_length, in padded batches with an attention mask.

    encoder_reference.py ENCODER_DIRECTORY OUT.json
"""

import json
import pathlib
import sys
import unicodedata

import torch
from transformers import BertModel, BertTokenizerFast

PLAIN = [
    "Hello, I need a ride to the airport.",
    "i would like to book a table for two at seven",
    "What's the balance of my account?",
    "My name is Alexis and my PIN is 4 7 1 1.",
    "Yes.",
    "no",
    "Thank you, goodbye!",
    "Is the apartment on the third floor still available for viewing on Sunday?",
    "The hotel is called \"Old Town Inn\"; do they have rooms (with a view)?",
    "Please transfer $1,250.75 to account #88-1234-XY.",
    "e-mail: someone@example.org, see https://example.org/a?b=c&d=e",
    "unbelievablyhyperextraordinarysupercalifragilistic",
    "ALL CAPITALS ARE SMALL HERE",
    "MiXeD CaSe WoRdS",
    "one two  three   four    five",
    "tabs\tand\nlines\r\nare spaces",
    "don't won't can't I'm you're we've they'll",
    "3.14159 is nearly 22/7, isn't it?",
    "a", "I", "7", "?", "...", "###", "##ing", "[CLS", "MASK]", "a_b^c`d~e|f",
    "semi;colon:colon,comma.dot!bang?what",
    "<email> and <phone> were taken out",
    "The 1st, 2nd, 3rd and 100th of 2026-11-27T18:00:00Z",
    "x" * 99, "x" * 100, "x" * 101,
    "er" * 60,
]
ACCENTS = [
    "Café au lait, s'il vous plaît, à côté de l'hôtel",
    "Ærøskøbing ligger på Ærø; smørrebrød koster 85 kr.",
    "Jeg vil gerne forsikre min bil og mit hus på Nørrebrogade",
    "Übergrößenträger müssen draußen Maß nehmen",
    "¿Dónde está el niño? ¡Mañana será otro día!",
    "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "İstanbul'da ılık bir gün, IĞDIR ve İZMİR",
    "Ελληνικά: ΟΔΥΣΣΕΥΣ και Ὀδυσσεύς",
    "Русский язык, ЁЖИК и ёжик, й",
    "Tiếng Việt có nhiều dấu",
    "na\u0308ive e\u0301cole (combining marks)",
    "\u1e9e and \u00df, \ufb01 ligature, \u2460 circled, \u00bd half, x\u00b2",
    "\u212b \u2126 K \u212a (singletons)",
    "naïve façade résumé coöperate",
    "Zoë Ångström Łódź Đà Nẵng",
]
SCRIPTS = [
    "你好，我想预订一个房间。",
    "東京タワーに行きたいです",
    "カタカナ と ひらがな",
    "안녕하세요 저는 택시가 필요합니다",
    "中文english混合text和数字123",
    "𠀀𠮷 and \U0002b820\U0002b91f rare ideographs",
    "\uf900\ufa0e compatibility ideographs",
    "مرحبا، كم رصيدي؟",
    "שלום, מה שלומך?",
    "नमस्ते, मुझे एक टैक्सी चाहिए",
    "สวัสดีครับ ผมต้องการแท็กซี่",
    "Հայերեն ქართული አማርኛ",
    "「日本」、（中国）；韩国！",
]
SYMBOLS = [
    "great 👍 thanks 🙏🏽 😀",
    "👩‍👩‍👧‍👦 family and 🇩🇰 flag",
    "👍", "❤️ ♥ ☎ ✈",
    "€100 £20 ¥3000 ₿1 ©2026 ® ™ ° ± × ÷",
    "“curly” ‘quotes’ – dashes — and … dots",
    "a\u00a0b\u2003c\u3000d\u2009e (spaces)",
    "zero\u200bwidth\u200dspace\ufeff and soft\u00adhyphen",
    "line\u2028separator\u2029paragraph",
    "bell\x07 null-ish\x01 vertical\x0btab form\x0cfeed next\x85line",
    "replacement \ufffd character",
    "private \ue000 use",
    "math: ∑ ∫ √ ≤ ≠ → ∞ 𝒳 𝟙",
    "n̷o̷i̷s̷e̷ and z̸a̸l̸g̸o̸",
    "·middot· •bullet• §section§ ¶",
]
LONG = [
    "the customer said that the bill was too high and asked again. " * 40,
    "word " * 253, "word " * 254, "word " * 255, "word " * 600,
    "Straße " * 300,
    "你好" * 300,
    "a, " * 200,
]
EMPTY = ["", " ", "\t\n", "\u200b", "\ufffd", "\u3000"]

TEXTS = PLAIN + ACCENTS + SCRIPTS + SYMBOLS + LONG + EMPTY
BATCH = 16
# Characters that every Unicode since 3.2 has, and in one category: the tokenizer's tables are older than others.
CODE_POINTS = [
    code
    for code in range(0x110000)
    if not 0xD800 <= code < 0xE000
    and "Cn" != unicodedata.category(chr(code)) == unicodedata.ucd_3_2_0.category(chr(code))
    and not 0x20010 <= code < 0x2F800
    and code < 0xF0010
]


def vectors_of(model, tokenizer, texts, most):
    rows = []
    for begin in range(0, len(texts), BATCH):
        inputs = tokenizer(texts[begin : begin + BATCH], padding=True, truncation=True, max_length=most, return_tensors="pt")
        with torch.no_grad():
            states = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
        means = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        rows.extend(torch.nn.functional.normalize(means, p=2, dim=1).tolist())
    return rows


def main():
    directory, out = sys.argv[1:]
    most = json.loads(pathlib.Path(directory, "sentence_bert_config.json").read_text())["max_seq_length"]
    ids = {}
    for name, lower_case in (("ids", True), ("cased_ids", False)):
        tokenizer = BertTokenizerFast(str(pathlib.Path(directory, "vocab.txt")), do_lower_case=lower_case)
        ids[name] = [tokenizer(text, truncation=True, max_length=most)["input_ids"] for text in TEXTS]
        if lower_case:
            code_points = tokenizer([f"a{chr(code)}b" for code in CODE_POINTS])["input_ids"]
            vectors = vectors_of(BertModel.from_pretrained(directory).eval(), tokenizer, TEXTS, most)
    pathlib.Path(out).write_text(json.dumps({"texts": TEXTS, **ids, "vectors": vectors, "code_points": dict(zip(map(str, CODE_POINTS), code_points))}))
    print(f"{len(TEXTS)} texts")


if __name__ == "__main__":
    main()
