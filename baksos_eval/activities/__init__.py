"""What the programme did: its logs, read and measured."""
