"""The formats that `mattebox import` reads."""

from mattebox.importers.camvid import CAMVID
from mattebox.importers.cityscapes import CITYSCAPES

LAYOUTS = (CAMVID, CITYSCAPES)
