"""Actions over members' tables: invite, seat, suspend, leave."""
