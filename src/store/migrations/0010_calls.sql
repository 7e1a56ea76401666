-- The day on which somebody who was called asked to be called again, YYYY-MM-DD; none where no day was named. The list on which a
-- call stands is its `gateway_id`, under the gateway `call_list`.
ALTER TABLE outbox ADD COLUMN again_on TEXT;
