-- What a customer gave, the codes for one value, and what was learnt by one planned contact are looked up for every answer by a link.
CREATE INDEX pending_change_customer ON pending_change (customer, field);
CREATE INDEX confirm_code_change ON confirm_code (change);
CREATE INDEX contact_event_outbox ON contact_event (outbox) WHERE outbox IS NOT NULL;
