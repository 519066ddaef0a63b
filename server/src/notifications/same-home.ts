import { HANDLING_POLICY } from '../domain/handling.ts'
import { MAY_GO } from './record.ts'

/**
 * One door may have several alarms behind it, and whoever goes there goes to all of them. What is only technical is none of these,
 * and for an exercise nobody goes anywhere.
 */
export const IS_OF_THE_HOME = (alarm: string): string => `${alarm}.class in ('life', 'hazard') and not ${alarm}.test`

/** Said that they go to a home, and not told to stay since: whichever of its alarms they said it of, and whether or not that one is open. */
export const GOING_TO = (
  home: string,
): string => `going.home = ${home} and going.accepted_until is not null and not going.stood_down
    and going.state = 'accepted' and going.track = 'family'
    and exists (select from alarm as cause where cause.id = going.alarm and ${IS_OF_THE_HOME('cause')})`

const SAME_PERSON = (one: string, other: string): string =>
  `${one}.recipient_kind = ${other}.recipient_kind and ${one}.recipient = ${other}.recipient`

/** Whether the person of a row goes to its home, whichever of its alarms they answered. */
export const GOES_THERE = (row: string): string => `(${row}.track = 'family' and exists (
    select from notification as going where ${GOING_TO(`${row}.home`)} and ${SAME_PERSON('going', row)} offset 0))`

/** Asked by another alarm and not told to stay by it, nor have they said that they cannot; or about to be asked. */
const IS_ASKED = (
  row: string,
): string => `${row}.purpose = 'alarm' and ${row}.track = 'family' and not ${row}.stood_down
    and ${row}.state <> 'declined'
    and (${row}.sending or ${MAY_GO(row)} or ${row}.state = 'queued' and ${row}.due_at is not null)`

/** Of a home, closed within the time in which that can be undone; more are not looked at. */
const closedJustNowMax = 100
/**
 * Those that are open, or whose close can still be undone: by two indexes, neither of which grows with the years of a home. It is the
 * order that makes sure of the second.
 */
const ALIVE = (home: string): string => `
    select id, class, test from alarm where home = ${home} and handling <> 'closed'
    union all
    (select id, class, test from alarm where home = ${home} and handling = 'closed' and class in ('life', 'hazard')
      and closed_at > (select app_now()) - interval '${HANDLING_POLICY.undoFor} ms'
      order by closed_at desc limit ${closedJustNowMax})`

/** Whether another alarm of its home wants the person of a row: then they are not told to stay because this one has ended. */
export const IS_WANTED_THERE = (row: string): string => `(${row}.track = 'family' and exists (
    select from (${ALIVE(`${row}.home`)}) as other where other.id <> ${row}.alarm and ${IS_OF_THE_HOME('other')}
      and (${GOES_THERE(row)} or exists (
        select from notification as there where there.alarm = other.id and ${SAME_PERSON('there', row)} and ${IS_ASKED('there')}))))`
