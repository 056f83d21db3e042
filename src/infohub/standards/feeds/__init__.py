"""What outside sources send, as STIX objects or plain rows, with a line of the losses for each thing that came."""
