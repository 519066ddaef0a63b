import type { FastifyPluginAsync } from 'fastify'
import { contactsOf } from '../homes/repository.ts'
import { colleagueRoutes } from '../http/colleague-routes.ts'
import { consentRoutes } from '../http/consent-routes.ts'
import { contactRoutes } from '../http/contact-routes.ts'
import { escalationRoutes } from '../http/escalation-routes.ts'
import { responderRoutes } from '../http/responder-routes.ts'
import { shiftRoutes } from '../http/shift-routes.ts'
import type { RosterParts } from '../roster/change.ts'
import { createColleagues } from '../roster/colleagues.ts'
import { createConsents } from '../roster/consents.ts'
import { createContacts } from '../roster/contacts.ts'
import { createPolicies } from '../roster/policies.ts'
import type { Notices } from '../roster/ports.ts'
import { createReadiness } from '../roster/readiness.ts'
import { createResponders } from '../roster/responders.ts'
import { createSeats } from '../roster/seats.ts'
import { createShifts } from '../roster/shifts.ts'
import { createWayTests } from '../roster/way-tests.ts'

/** The people concerned, as screens see and change them. */
export function rosterRoutes(parts: RosterParts, notices: Notices): FastifyPluginAsync[] {
  const tests = createWayTests(parts, notices)
  return [
    contactRoutes(createContacts(parts, contactsOf), tests),
    consentRoutes(createConsents(parts)),
    responderRoutes(createResponders(parts), tests),
    colleagueRoutes(createColleagues(parts), tests),
    shiftRoutes(createSeats(parts), createShifts(parts)),
    escalationRoutes(createPolicies(parts), createReadiness(parts)),
  ]
}
