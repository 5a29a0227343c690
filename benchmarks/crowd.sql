-- Cases number `first` to `last` of `of_all`, in the order of their receipt. `slots` are districts, each as often as its share;
-- `names` the offices' names by code; `templates` the number of a decided case by stage.
CREATE OR REPLACE FUNCTION multiply(
    first int, last int, of_all int, today date, slots text[], names jsonb, templates jsonb)
RETURNS void LANGUAGE sql AS $$
WITH drawn AS MATERIALIZED (
    SELECT i, today - 2190 + (i::bigint * 2190 / of_all)::int AS received_on,
        slots[1 + floor(random() * cardinality(slots))::int] AS district,
        random() AS way, random() AS fate, random() AS place, random() AS pressed, random() AS due,
        random() AS wealth, random() AS who, random() AS whom, random() AS what
    FROM generate_series(first, last) i),
placed AS (
    SELECT *, left(district, 4) || '00' AS city, left(names ->> district, -3) AS name,
        CASE WHEN way < 0.83 THEN district WHEN way < 0.95 THEN left(district, 4) || '00' ELSE '620000' END AS office,
        fate < 0.04 + exp((received_on - today) / 260.0) AS is_open,
        (10 ^ (6 + 4.5 * wealth))::bigint AS claimed,
        CASE WHEN pressed < 0.92 THEN 'transferred' WHEN pressed < 0.97 THEN 'supervised'
            WHEN pressed < 0.988 THEN 'key_supervised' WHEN pressed < 0.998 THEN 'taken_over'
            ELSE 'referred' END AS mode
    FROM drawn),
told AS (
    SELECT *,
        'QQ-' || office || '-' || extract(year FROM received_on) || '-' || lpad(i::text, 7, '0') AS case_no,
        CASE WHEN way < 0.83 THEN ARRAY[district] WHEN way < 0.93 THEN ARRAY[city, district]
            WHEN way < 0.95 THEN ARRAY[city] WHEN way < 0.98 THEN ARRAY['620000', city, district]
            WHEN way < 0.99 THEN ARRAY['620000', city] ELSE ARRAY['620000'] END
            || CASE WHEN mode = 'taken_over' THEN ARRAY[city] ELSE '{}' END AS route,
        CASE WHEN is_open THEN (ARRAY['intake', 'transfer', 'verification', 'verification', 'funding', 'bonding',
                'payment', 'payment', 'review'])[1 + floor(place * 9)::int]
            WHEN place < 0.86 THEN 'closed' WHEN place < 0.90 THEN 'refused' WHEN place < 0.93 THEN 'unfounded'
            WHEN place < 0.97 THEN 'withdrawn' ELSE 'judicial' END AS stage,
        CASE WHEN is_open THEN today + CASE WHEN due < 0.87 THEN 1 + floor(due * 120)::int
            ELSE - floor((due - 0.87) * 500)::int END END AS due_on,
        (ARRAY['住建局', '环卫局', '教育局', '水务局', '交通局', '医院', '城投公司', '公路局'])[1 + floor(whom * 8)::int]
            AS debtor
    FROM placed),
owing AS MATERIALIZED (
    SELECT *,
        CASE WHEN stage IN ('intake', 'transfer', 'verification', 'refused') THEN 0 ELSE claimed * 9 / 10 END AS owed,
        CASE WHEN stage IN ('closed', 'review') THEN claimed * 9 / 10 WHEN stage = 'payment' THEN claimed / 3
            WHEN stage = 'judicial' THEN claimed / 5 ELSE 0 END AS cleared
    FROM told),
registered AS (
    INSERT INTO registration (case_no, office, year, number, rules_digest, access_code_hash)
    SELECT case_no, office, extract(year FROM received_on), i, (SELECT max(digest) FROM rules), md5(case_no)
    FROM owing)
INSERT INTO case_file (
    case_no, title, office, holder, route, stage, mode, suspended, received_on, ended_on,
    owed_since, due_on, blue_on, yellow_on, red_on, outstanding_fen, cleared_fen,
    creditor, creditor_code, debtor, debtor_code, debtor_kind, channel, migrant_wages, livelihood,
    claimed_fen, undisputed_fen, disputed_fen, not_yet_due_fen, judicial_fen, included_fen, confirmed_on, confirmed_fen, awaited,
    seq, head, state)
SELECT case_no,
    name || (ARRAY['道路', '学校', '供水', '绿化', '路灯', '医院', '桥梁', '食堂', '监控', '垃圾场'])[1 + floor(what * 10)::int]
        || (ARRAY['工程款', '维修款', '设备款', '服务费', '材料款'])[1 + floor(what * 1000)::int % 5],
    office, route[cardinality(route)], route, stage, mode, is_open AND what < 0.03, received_on,
    CASE WHEN NOT is_open THEN least(today, received_on + 60 + floor(due * 200)::int) END,
    CASE WHEN who < 0.9 THEN received_on - floor(who * 1100)::int END,
    due_on, due_on - 4, due_on + 1, CASE WHEN what < 0.8 THEN due_on + 5 END, owed - cleared, cleared,
    (ARRAY['八冶', '中铁', '陇原', '金城', '祁连', '黄河', '丝路', '华夏', '恒通', '瑞丰'])[1 + floor(who * 10)::int]
        || chr(19968 + floor(who * 400000)::int % 800) || chr(20800 + floor(who * 9000000)::int % 900)
        || (ARRAY['建设工程', '市政工程', '商贸', '环保科技'])[1 + floor(who * 1000)::int % 4] || '有限公司',
    '91620' || lpad(floor(who * 150000)::text, 12, '0') || 'X',
    name || debtor, '11620' || lpad(floor(whom * 4000)::text, 12, '0') || 'Y',
    (ARRAY['organ', 'institution', 'soe', 'large_enterprise', 'platform'])[1 + floor(whom * 5)::int],
    (ARRAY['hotline', 'platform', 'letter', 'visit'])[1 + floor(what * 4)::int], what < 0.1, what > 0.9,
    claimed, owed, CASE WHEN owed > 0 AND place < 0.1 THEN claimed / 20 ELSE 0 END, 0, 0, 0,
    CASE WHEN cleared > 2 THEN ARRAY[least(today, received_on + 50), least(today, received_on + 150)] ELSE '{}' END,
    CASE WHEN cleared > 2 THEN ARRAY[cleared / 3, cleared - cleared / 3] ELSE '{}' END,
    CASE WHEN due_on < today - 14 AND what < 0.4 THEN ARRAY[city] ELSE '{}' END,
    template.seq, template.head, template.state || jsonb_build_object('case_no', owing.case_no)
FROM owing
JOIN LATERAL (
    SELECT known.seq, known.head, known.state FROM case_file known WHERE known.case_no = templates ->> owing.stage
) template ON true
ORDER BY i
$$
