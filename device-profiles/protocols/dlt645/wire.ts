import { DomainError, millis } from '@anju/contract'
import type { PolledWire } from '../../src/wire.ts'
import { type Dlt645Data, Dlt645ReadExchange } from './exchange.ts'
import { type Dlt645Frame, dlt645Framing, WILDCARD } from './framing.ts'
import { type Dialect, readMessage } from './message.ts'
import { tellFrame } from './tell.ts'

const wire = (dialect: Dialect): PolledWire<Dlt645Frame, string, Dlt645Data> => ({
  is: 'polled',
  protocol: `dlt645-${dialect}`,
  framing: dlt645Framing,
  // A meter answers within 500 ms (DL/T 645-2007 §6.2), and a byte may follow a byte after 500 ms; a converter adds its own.
  timing: { answerWithin: millis(1_000), gapMax: millis(600), wholeWithin: millis(5_000), turnRound: millis(30) },
  addressExample: '000000000161',
  addressProblem: (address) =>
    /^\d{12}$/.test(address ?? '') || address === WILDCARD ? undefined : 'not the 12 digits printed on the meter',
  begin: ({ address, ask, aloneOnBus }) => new Dlt645ReadExchange({ dialect, address, di: ask, aloneOnBus }),
  words(frame) {
    const telling = tellFrame(dialect, frame)
    if (telling.is === 'refused') throw new DomainError(telling.code, telling.why)
    return telling.is === 'told' ? telling.frame : {}
  },
  messageOf(frame) {
    const message = readMessage(dialect, frame)
    return message.is === 'answer' ? { di: message.di, data: message.data } : undefined
  },
})
export const dlt645Wire2007 = wire('2007')
export const dlt645Wire1997 = wire('1997')
