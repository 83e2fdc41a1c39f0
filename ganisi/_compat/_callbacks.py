"""What the callbacks of an estimator are told of its fit, where scikit-learn has callbacks."""

from contextlib import contextmanager

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # Before scikit-learn 1.9.

    class CallbackSupportMixin:
        """Stands in where there are no callbacks, so that there is no `set_callbacks` either."""

        def _init_callback_context(self, max_subtasks):
            return UNWATCHED


class _UnwatchedTask:
    """What a CallbackContext does where there is no callback: nothing."""

    def subcontext(self, task_name, max_subtasks=0):
        return self

    def call_on_fit_task_begin(self, **_):
        pass

    call_on_fit_task_end = call_on_fit_task_begin


#: A task, with those within it, that no callback is told of: there are none, or nothing is fitted.
UNWATCHED = _UnwatchedTask()


@contextmanager
def watched(task, estimator, **data):
    """Tell callbacks that a task of an estimator's fit begins, and that it is done."""
    task.call_on_fit_task_begin(estimator=estimator, **data)
    yield
    task.call_on_fit_task_end(estimator=estimator, **data)
