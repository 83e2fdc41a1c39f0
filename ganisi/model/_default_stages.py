"""Stages that are not given, and can be set and searched all the same."""

from __future__ import annotations

from .._compat._hints import Self
from .._compat._sklearn import TakesImages, serial_diagram


def identifier_has(method):
    """Return a check whether the identifier of a model, fitted or not, has a method."""

    def check(model):
        getattr(getattr(model, "identifier_", model._stage("identifier")), method)
        return True

    return check


class StagesWithDefaults(TakesImages):
    """An estimator of stages, one after the other, of which None stands for a default.

    A child says in `_default_stages` what makes the default of each, by the descriptor.
    """

    def set_params(self, **params: object) -> Self:
        """Set parameters, also of stages that are None: they are made first.

        Parameters
        ----------
        **params : dict
            As in scikit-learn: ``pairer__relative=True`` is `relative` of the pairer.

        Returns
        -------
        self : object
            The estimator.
        """
        for name, make in self._default_stages.items():
            is_missing = params.get(name, getattr(self, name)) is None
            if is_missing and any(key.startswith(f"{name}__") for key in params):
                params[name] = make(params.get("descriptor", self.descriptor))
        return super().set_params(**params)

    def _stage(self, name):
        """Return the stage that was given, or a new default."""
        # By `is None`: an ensemble that is not fitted yet has no length to ask for.
        given = getattr(self, name)
        return self._default_stages[name](self.descriptor) if given is None else given

    def _sk_visual_block_(self):
        """Draw the stages, also those that are not given: scikit-learn's hook."""
        return serial_diagram({name: self._stage(name) for name in self._default_stages})
