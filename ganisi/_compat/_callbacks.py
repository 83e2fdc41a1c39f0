"""What the callbacks of an estimator are told of its fit, where scikit-learn has callbacks."""

from contextlib import contextmanager

from ._sklearn import callback_context


class _UnwatchedTask:
    """What a CallbackContext does where there is no callback: nothing."""

    def subcontext(self, task_name, max_subtasks=0):
        return self

    def call_on_fit_task_begin(self, **_):
        pass

    call_on_fit_task_end = call_on_fit_task_begin


#: A task, with those within it, that no callback is told of: there are none, or nothing is fitted.
UNWATCHED = _UnwatchedTask()


def task_of_fit(estimator, max_subtasks):
    """Return the task that an estimator's fit is to its callbacks."""
    context = callback_context(estimator, max_subtasks)
    return UNWATCHED if context is None else context


@contextmanager
def watched(task, estimator, **data):
    """Tell callbacks that a task of an estimator's fit begins, and that it is done."""
    task.call_on_fit_task_begin(estimator=estimator, **data)
    yield
    task.call_on_fit_task_end(estimator=estimator, **data)
