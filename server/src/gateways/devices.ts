import type { GatewayId, HealthMessage } from '@anju/contract'
import { deviceGrace, devicesNotedEvery, periodOf } from '../domain/supervision.ts'
import type { Transaction } from '../ports.ts'
import { TIMED_COLUMNS, turnLines } from './device-time.ts'

/** What one gateway said of its devices. */
export interface Heard {
  readonly gateway: GatewayId
  readonly message: HealthMessage
}

/**
 * Writes down what gateways hear. A device is heard when its gateway names another moment than the last time: that it is
 * another is believed, what it says is not, because clocks lie. A device nobody has told us of is taken in; supervision of it
 * starts now. One that two gateways hear belongs to whichever heard it last. One whose line is down is unknown: its
 * time stands still until the line is back.
 */
export async function noteDevices(tx: Transaction, heard: readonly Heard[]): Promise<void> {
  const columns = columnsOf(heard)
  const gateways = heard.map(({ gateway }) => gateway)
  void tx.query(UNNAMED, [gateways, columns[0], columns[1]], 'devices-unnamed')
  await tx.query(NOTE, columns, 'devices-note')
  await turnLines(tx, await tx.query(TURNED, columns, 'devices-turned'))
  await tx.query(ADD, columns, 'devices-add')
}

/** Whether the line that it hangs on is down: then nobody can say anything of it. */
export const isCutOff = ({ links }: HealthMessage, { link }: HealthMessage['devices'][number]): boolean =>
  link !== undefined && links.some(({ id, state }) => id === link && state === 'down')

function columnsOf(heard: readonly Heard[]): unknown[] {
  const rows = heard.flatMap(({ gateway, message }) => {
    const sentAt = Date.parse(message.sentAt)
    return message.devices.map((device) => ({
      gateway,
      sentAt,
      ...device,
      ...periodOf(device),
      cutOff: isCutOff(message, device),
    }))
  })
  return [
    rows.map(({ gateway }) => gateway),
    rows.map(({ placement }) => placement),
    rows.map(({ id }) => id),
    rows.map(({ profile }) => profile),
    rows.map(({ lastHeardAt }) => lastHeardAt),
    // Of one and the same clock; a clock that was set in between makes it anything.
    rows.map(({ lastHeardAt, sentAt }) => (lastHeardAt === null ? 0 : Math.max(0, sentAt - Date.parse(lastHeardAt)))),
    rows.map(({ life }) => life),
    rows.map(({ lostAfterS }) => lostAfterS),
    rows.map(({ cutOff }) => cutOff),
  ]
}

/** Each placement once: of two gateways that name it in one breath, the one that heard it last. */
const GIVEN = `
  select distinct on (gateway.home, given.placement) gateway.home, gateway.centre, gateway.silent_since as gateway_silent_since, given.*
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::boolean[], $8::integer[],
      $9::boolean[]) as given (gateway, placement, device, profile, said, age_ms, life, lost_after_s, cut_off)
  join gateway on gateway.id = given.gateway
  order by gateway.home, given.placement, given.age_ms`

/** Longer ago than a device may be silent, and its gateway hears it: then a clock was set in between, and it was just now. */
const AGE = `case when given.age_ms <= 1000 * given.lost_after_s then given.age_ms else 0 end * interval '1 ms'`
const DUE = `interval '1 second' * lost_after_s + interval '${deviceGrace} ms'`

/** What its gateway does not name any more hangs on no line of it: it has its own time again. */
const UNNAMED = `
  update device set line_down = false, silent_left_ms = null, silent_due_at = case when silent_since is null then now + ${DUE} end
  from app_now() as now
  where gateway = any($1) and line_down and not exists (
    select from unnest($2::text[], $3::text[]) as given (gateway, placement)
    where given.gateway = device.gateway and given.placement = device.placement)`

const NOTE = `
  with given as (${GIVEN}),
  seen as (
    select given.*,
      ${AGE} as age,
      given.said is not null and case
        when device.gateway = given.gateway then given.said is distinct from device.heard_said
        else device.gateway is null or device.heard_said is null or owner.silent_since is not null
          or given.said > device.heard_said + interval '5 seconds'
      end as heard,
      not device.settled and (device.life, device.lost_after_s) <> (given.life, given.lost_after_s) as another_period
    from given
    join device on device.home = given.home and device.placement = given.placement
    left join gateway as owner on owner.id = device.gateway
  ),
  news as (
    select seen.*, case when another_period then seen.lost_after_s else device.lost_after_s end as period_s,
      case when another_period then seen.life else device.life end as is_life,
      case when heard then greatest(device.last_heard_at, now - age) else device.last_heard_at end as heard_at, now
    from seen
    join device on device.home = seen.home and device.placement = seen.placement
    cross join lateral (select heard or coalesce(device.gateway, seen.gateway) = seen.gateway as its_own) as whose
    cross join app_now() as now
    where another_period or device.profile is distinct from seen.profile or device.gateway is null
      or its_own and device.line_down <> seen.cut_off
      or heard and (device.gateway <> seen.gateway or device.silent_since is not null or device.last_heard_at is null
                    or device.last_heard_at < now - interval '${devicesNotedEvery} ms')
  )
  update device set
    gateway = case when news.heard or device.gateway is null then news.gateway else device.gateway end,
    device = news.device,
    profile = news.profile,
    life = news.is_life,
    lost_after_s = news.period_s,
    heard_said = case when news.heard then news.said else device.heard_said end,
    last_heard_at = news.heard_at,
    silent_since = case when news.heard then null else device.silent_since end,
    silent_left_ms = case when news.heard or news.another_period then null else device.silent_left_ms end,
    silent_due_at = case
      when device.line_down then null
      when news.heard then news.heard_at + interval '1 second' * news.period_s + interval '${deviceGrace} ms'
      when device.silent_due_at is not null and news.another_period
        then news.now + interval '1 second' * news.period_s + interval '${deviceGrace} ms'
      else device.silent_due_at end
  from news where device.home = news.home and device.placement = news.placement`

const ADD = `
  insert into device (home, placement, centre, gateway, device, profile, life, lost_after_s, settled, commissioned_at,
    last_heard_at, heard_said, line_down, silent_due_at)
  select home, placement, centre, gateway, device, profile, life, lost_after_s, false, now,
    case when said is not null then now - ${AGE} end, said, cut_off,
    case when gateway_silent_since is null and not cut_off then now + ${DUE} end
  from (${GIVEN}) as given, app_now() as now
  on conflict do nothing`

/** Those of which their own gateway says another thing of their line than it did. */
const TURNED = `
  select ${TIMED_COLUMNS}, device.silent_since is not null as silent
  from (${GIVEN}) as given join device on device.home = given.home and device.placement = given.placement
  where device.gateway = given.gateway and device.line_down <> given.cut_off
  order by device.home, device.placement for update of device`
