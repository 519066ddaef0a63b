import { WITHDRAWN } from '../roster/rows.ts'

/** Whether whom a notification is for was removed since it was queued, or their account locked; `of` names its row in a statement. */
export const REMOVED = (of: string): string => `case ${of}.recipient_kind
    when 'contact' then exists (select from contact where contact.id = ${of}.recipient and contact.removed_at is not null offset 0)
    when 'responder' then exists (select from responder where responder.id = ${of}.recipient and responder.removed_at is not null offset 0)
    else exists (select from person where person.id = ${of}.recipient and person.locked_at is not null offset 0) end`

/** Whether a resident took back that whom a notification is for is told of alarms. */
export const TAKEN_BACK = (of: string): string => `case ${of}.recipient_kind
    when 'contact' then ${WITHDRAWN('contact', `${of}.home`, `${of}.recipient`)}
    when 'responder' then ${WITHDRAWN('responder', `${of}.home`, `${of}.recipient`)}
    else false end`
