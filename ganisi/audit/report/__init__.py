"""What an audit found, and how it is told."""

from ._report import AuditReport

__all__ = ["AuditReport"]
