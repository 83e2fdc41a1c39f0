"""Files that must still hold the images that were looked at."""

from dataclasses import dataclass, fields

from ._file import ImageFile
from ._identity import image_key


@dataclass(frozen=True, repr=False)
class KnownFile(ImageFile):
    """An image file whose image was looked at, and by which `content` it is known since."""

    content: str | None = None

    def __repr__(self):
        return repr(self.plain)

    @property
    def plain(self):
        """The file, whatever it holds."""
        return ImageFile(**{one.name: getattr(self, one.name) for one in fields(ImageFile)})

    def read(self):
        """Read the file; a ValueError if it holds another image by now."""
        image = self.plain.read()
        self.check(image_key(image))
        return image

    def check(self, content):
        """Raise ValueError unless this is the content that was looked at."""
        if content != self.content:
            raise ValueError(
                f"{self.name} holds another image than when it was first looked at, so that what "
                "was found out about it is no longer true. Begin again when nobody writes to the "
                "files, or with a copy of them."
            )


def known_files(images, contents):
    """Return images, their files as `KnownFile` of these contents; arrays are as they are.

    What is known already stays known by its first look.
    """
    if not isinstance(images[0], ImageFile):
        return images
    return [
        file if isinstance(file, KnownFile) else KnownFile(**vars(file), content=content)
        for file, content in zip(images, contents, strict=True)
    ]
