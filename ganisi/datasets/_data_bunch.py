"""What loaders return."""

from sklearn.utils import Bunch

from .._compat._brief import Brief


class DataBunch(Brief, Bunch):
    """A Bunch that shows what it holds by shapes and numbers, and no image, name or folder."""

    def _main_figures(self):
        return {name: value for name, value in self.items() if not isinstance(value, str)}
