"""Frame documents like those of a real pipeline: about 480 bytes, one source, one mask, some fields of its own."""

import json


def frame_document(index: int) -> bytes:
    """One frame of a Cityscapes-like drive, as compact JSON."""
    name = f"aachen_{index:06d}_000019"
    return json.dumps(
        {
            "id": f"frame-{index:07d}",
            "timestamp": index * 40,
            "context_id": f"drive_{index // 1000}",
            "meta": {"weather": "sunny", "camera": "front", "split": "train"},
            "sources": [
                {
                    "id": "front",
                    "content_type": "image/png",
                    "uri": f"s3://datasets/leftImg8bit/train/aachen/{name}_leftImg8bit.png",
                    "width": 2048,
                    "height": 1024,
                    "timestamp": 0,
                    "masks": [
                        {
                            "id": "semantic",
                            "content_type": "image/png",
                            "uri": f"s3://datasets/gtFine/train/aachen/{name}_gtFine_labelIds.png",
                            "timestamp": 0,
                        }
                    ],
                }
            ],
        },
        separators=(",", ":"),
    ).encode()


MASK_LABELS = [{"value": [i, i, i], "labels": [f"class {i}"]} for i in range(34)]
