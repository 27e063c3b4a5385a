"""What transformers' CLIPImageProcessor, in its form for Pillow, makes of the images here: python3 make_transformers.py > transformers.jsonl"""
import json
import pathlib

import PIL
import transformers
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

HERE = pathlib.Path(__file__).parent
BASE = {"size": {"shortest_edge": 24}, "crop_size": {"height": 24, "width": 24}}
FILES = [
    {"size": 24, "crop_size": 24, "do_resize": True, "do_center_crop": True, "do_normalize": True, "resample": 3,
     "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
     "image_std": [0.26862954, 0.26130258, 0.27577711]},
    BASE,
    BASE | {"resample": 2},
    BASE | {"size": {"height": 24, "width": 24}},
    {"size": {"height": 24, "width": 24}, "do_center_crop": False, "resample": 2},
    BASE | {"do_normalize": False},
    BASE | {"do_rescale": False},
    BASE | {"do_rescale": False, "do_normalize": False},
    BASE | {"rescale_factor": 0.00784313725},
    BASE | {"image_mean": [0.5, 0.4, 0.3], "image_std": [0.2, 0.25, 0.5], "do_convert_rgb": None},
]

cases = []
for keys in FILES:
    processor = CLIPImageProcessorPil(**keys)
    for name in ("wide", "tall", "small"):
        pixels = processor(Image.open(HERE / f"{name}.png"), return_tensors="np")["pixel_values"][0]
        assert pixels.shape == (3, 24, 24)
        cases.append({"file": keys, "image": f"{name}.png", "every_101st_pixel": [round(float(p), 6) for p in pixels.reshape(-1)[::101]]})
print(json.dumps({"transformers": transformers.__version__, "pillow": PIL.__version__}))
for case in cases:
    print(json.dumps(case))
