-- What clicks of 1, 7, 14 and 28 days and views of one day credit, by campaign, from the facts alone: the sums that reports.windows gives.
-- $from and $end are the days, UTC ms; $currency is that of the money.
WITH able AS (
  SELECT minor, net, coalesce(click, 0) AS click, click_age, coalesce(view, 0) AS view, view_age
  FROM conversion LEFT JOIN reach USING (conversion)
  WHERE confirmed AND occurred_at >= $from AND occurred_at < $end AND currency IN ($currency, '')
), earning AS (
  SELECT touch, channel, coalesce(campaign_id, campaign, '') AS own FROM touch
  WHERE touch IN (SELECT unnest([click, view]) FROM able)
), windows (click_most) AS (VALUES (86400000), (604800000), (1209600000), (2419200000)), earned AS (
  SELECT click_most, minor, net, CASE WHEN click > 0 AND click_age <= click_most THEN click
      WHEN view > 0 AND view_age <= 86400000 THEN view END AS touch,
    NOT (click > 0 AND coalesce(click_age, 0) <= click_most) AS viewed
  FROM able CROSS JOIN windows
)
SELECT click_most, viewed, channel, own, count(*) AS conversions, sum(minor) AS minor, sum(net) AS net
FROM earned LEFT JOIN earning USING (touch) WHERE touch IS NOT NULL GROUP BY ALL ORDER BY ALL
