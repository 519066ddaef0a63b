import { homeId } from '@anju/contract'
import { Contact, ContactAdd, ContactChange, OrderBody, Removal, WayTest } from '@anju/contract/api'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import Type from 'typebox'
import type { PersonalField } from '../policy/table.ts'
import type { Contacts } from '../roster/contacts.ts'
import type { WayTests } from '../roster/way-tests.ts'
import { authorOf } from './author.ts'
import { required } from './policy.ts'
import { Id, listOf, NoBody, whole } from './shapes.ts'

const InHome = Type.Object({ id: Id, contact: Id })
const OfContact = Type.Object({ id: Id, contact: Id, way: Id })
const ContactList = listOf(Contact)
/** With what a new order is written from. */
const OrderedList = Type.Intersect([ContactList, Type.Object({ orderVersion: Type.Integer() })])
const FIELDS: PersonalField[] = ['contact.name', 'contact.phone', 'contact.note']

/** Who is to be told of a home's alarms, in which order, and on which numbers. */
export function contactRoutes(contacts: Contacts, tests: WayTests): FastifyPluginAsyncTypebox {
  return async (server) => {
    const reads = { policy: 'contact.read', reads: FIELDS } as const
    const writes = { policy: 'contact.write', reads: FIELDS } as const
    server.addHook('preHandler', async (request) => {
      request.looksAt = Object.values(request.params as Record<string, string>)
    })

    server.route({
      method: 'GET',
      url: '/homes/:id/contacts',
      schema: { params: Type.Object({ id: Id }), response: { 200: OrderedList } },
      config: reads,
      handler: async (request) => {
        const { items, orderVersion } = await contacts.list(required(request).actor, homeId(request.params.id))
        return { ...whole(items), orderVersion }
      },
    })
    server.route({
      method: 'POST',
      url: '/homes/:id/contacts',
      schema: { params: Type.Object({ id: Id }), body: ContactAdd, response: { 201: Contact } },
      config: writes,
      handler: async (request, reply) =>
        reply.status(201).send(await contacts.add(authorOf(request), homeId(request.params.id), request.body)),
    })
    server.route({
      method: 'PUT',
      url: '/homes/:id/contacts/order',
      schema: { params: Type.Object({ id: Id }), body: OrderBody, response: { 200: ContactList } },
      config: writes,
      handler: async (request) => {
        const { contacts: order, writtenFrom } = request.body
        return whole(await contacts.reorder(authorOf(request), homeId(request.params.id), order, writtenFrom))
      },
    })
    server.route({
      method: 'PATCH',
      url: '/homes/:id/contacts/:contact',
      schema: { params: InHome, body: ContactChange, response: { 200: Contact } },
      config: writes,
      handler: (request) => {
        const { id, contact } = request.params
        return contacts.change(authorOf(request), homeId(id), contact, request.body)
      },
    })
    server.route({
      method: 'DELETE',
      url: '/homes/:id/contacts/:contact',
      schema: { params: InHome, querystring: Removal, response: { 204: Type.Null() } },
      config: { policy: 'contact.write', reads: [] },
      handler: async (request, reply) => {
        const { id, contact } = request.params
        await contacts.remove(authorOf(request), homeId(id), contact, request.query.writtenFrom)
        return reply.status(204).send(null)
      },
    })
    server.route({
      method: 'POST',
      url: '/homes/:id/contacts/:contact/ways/:way/prove',
      schema: { params: OfContact, body: NoBody, response: { 200: Contact } },
      config: writes,
      handler: (request) => {
        const { id, contact, way } = request.params
        return contacts.prove(authorOf(request), homeId(id), contact, way)
      },
    })
    server.route({
      method: 'POST',
      url: '/homes/:id/contacts/:contact/ways/:way/test',
      schema: { params: OfContact, body: NoBody, response: { 202: WayTest } },
      config: { policy: 'contact.write', reads: [] },
      handler: async (request, reply) => {
        const { id, contact, way } = request.params
        return reply.status(202).send(await tests.ofContact(authorOf(request), homeId(id), contact, way))
      },
    })
  }
}
