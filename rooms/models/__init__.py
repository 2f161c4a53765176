"""What Greenroom keeps: one file per noun."""

from rooms.models.ability import Ability
from rooms.models.audit import AppendOnly, AuditEntry
from rooms.models.feed import FeedEntry
from rooms.models.first_run import FirstRunCode
from rooms.models.membership import Membership, Role
from rooms.models.project import Project

__all__ = ["Ability", "AppendOnly", "AuditEntry", "FeedEntry", "FirstRunCode", "Membership", "Project", "Role"]
