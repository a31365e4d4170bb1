-- The ladder by campaign from the facts alone, without any table that is kept for it: the answer that reports.funnel gives.
-- $from and $end are the days, UTC ms; $reach is how old the click may be, ms; $step0 to $step3 are names of events.
WITH taken AS (
  SELECT coalesce(person, event.visitor) AS who, name, occurred_at
  FROM event LEFT JOIN person ON person.visitor = coalesce(event.visitor, '~' || event.seq)
  WHERE occurred_at >= $from AND occurred_at < $end AND name IN ($step0, $step1, $step2, $step3) AND NOT bot
    AND seq NOT IN (SELECT conversion FROM conversion WHERE NOT confirmed)
    AND coalesce(person, event.visitor, '~') NOT LIKE '~%'
), people AS MATERIALIZED (
  SELECT who, min(occurred_at) AS first_at,
    min(occurred_at) FILTER (name = $step0) AS t0, min(occurred_at) FILTER (name = $step1) AS t1,
    min(occurred_at) FILTER (name = $step2) AS t2, min(occurred_at) FILTER (name = $step3) AS t3
  FROM taken GROUP BY who
), brought AS (
  SELECT who, arg_max(creative, (occurred_at, touch)) AS creative
  FROM touch LEFT JOIN person ON person.visitor = touch.visitor JOIN people ON who = coalesce(person, touch.visitor)
  WHERE kind < 2 AND occurred_at >= $from - $reach AND occurred_at < $end
    AND occurred_at <= first_at AND occurred_at >= first_at - $reach
  GROUP BY who
), ladder AS (
  SELECT CASE WHEN t3 IS NOT NULL THEN 3 WHEN t2 IS NOT NULL THEN 2 WHEN t1 IS NOT NULL THEN 1 ELSE 0 END AS depth,
    t0, t1, t2, t3, coalesce(channel, '') AS channel, coalesce(campaign_id, campaign, '') AS own
  FROM people LEFT JOIN brought USING (who) LEFT JOIN creative USING (creative)
)
SELECT channel, own, grouping(channel) AS of_total, count(*) FILTER (depth >= 0) AS at0, count(*) FILTER (depth >= 1) AS at1,
  count(*) FILTER (depth >= 2) AS at2, count(*) FILTER (depth >= 3) AS at3, median(t1 - t0) FILTER (t1 >= t0) AS median1,
  median(t2 - t1) FILTER (t2 >= t1) AS median2, median(t3 - t2) FILTER (t3 >= t2) AS median3
FROM ladder GROUP BY GROUPING SETS ((), (channel, own)) ORDER BY of_total DESC, at0 DESC, channel, own
