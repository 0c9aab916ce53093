"""Where things are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = ROOT.parent
MODEL = ROOT / "model"
EXAMPLES = ROOT / "examples"
