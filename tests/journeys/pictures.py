"""Pictures for the journeys, made as a phone's camera makes them."""

from io import BytesIO

from PIL import Image, ImageDraw

WALL, WET, PIPE = "#d8d2c4", "#7d8fa0", "#5b5f63"


def photo(width: int = 640, height: int = 480, kind: str = "PNG") -> bytes:
    """A wet ceiling under a pipe, as a file's bytes."""
    image = Image.new("RGB", (width, height), WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height // 10, width, height // 5), fill=PIPE)
    for place in range(5):
        left = width * (place + 1) // 7
        draw.ellipse((left, height // 4, left + width // 6, height * 3 // 4), fill=WET)
    file = BytesIO()
    image.save(file, kind)
    return file.getvalue()
