import type { EventClass } from '@anju/contract'

/** One step of answering. Pages say it in their own language by `kind`; `text` is for those that do not know the kind. */
export interface PlanStep {
  readonly id: string
  readonly kind:
    | 'speak'
    | 'call-contact'
    | 'dispatch'
    | 'call-ambulance'
    | 'call-fire-brigade'
    | 'check-device'
    | 'note-cause'
  readonly text: string
}

const step = (id: string, kind: PlanStep['kind'], text: string): PlanStep => ({ id, kind, text })
const speak = step('speak', 'speak', '与老人通话，确认情况')
const callContact = step('call-contact', 'call-contact', '按顺序拨打联系人电话')
const dispatch = step('dispatch', 'dispatch', '派人上门')
const noteCause = step('note-cause', 'note-cause', '记录原因并结案')

const PLANS: Readonly<Record<EventClass, readonly PlanStep[]>> = {
  life: [speak, callContact, dispatch, step('ambulance', 'call-ambulance', '必要时拨打 120'), noteCause],
  hazard: [speak, step('fire-brigade', 'call-fire-brigade', '必要时拨打 119'), callContact, dispatch, noteCause],
  technical: [step('check', 'check-device', '检查设备、电源与网络'), callContact, noteCause],
  info: [],
}

/** The centre's standard steps for a class; plans of a home's own come with the notification plans. */
export const planFor = (eventClass: EventClass): readonly PlanStep[] => PLANS[eventClass]
