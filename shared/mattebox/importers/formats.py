"""The formats that `mattebox import` reads."""

from mattebox.importers.ade20k import ADE20K
from mattebox.importers.camvid import CAMVID
from mattebox.importers.cityscapes import CITYSCAPES
from mattebox.importers.clearml import CLEARML
from mattebox.importers.coco_panoptic import COCO_PANOPTIC
from mattebox.importers.frames_json import FRAMES_JSON
from mattebox.importers.voc import VOC

LAYOUTS = (CAMVID, CITYSCAPES, VOC, COCO_PANOPTIC, ADE20K, CLEARML, FRAMES_JSON)
