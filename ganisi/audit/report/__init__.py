"""What an audit found, and how it is told."""

from ._report import AuditReport
from ._sections import ControlResult

__all__ = ["AuditReport", "ControlResult"]
