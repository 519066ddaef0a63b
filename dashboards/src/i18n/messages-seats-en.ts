import type { seatsZh } from './messages-seats-zh.ts'

export const seatsEn: Record<keyof typeof seatsZh, string> = {
  'seat.title': 'This console’s seat',
  'seat.which': 'Which seat is this?',
  'seat.none': 'No seat said',
  'seat.loading': 'Reading the seats…',
  'seat.again': 'Try again',
  'seat.taken': '{name} ({who} sits there)',
  'seat.means': 'What asks for “{seat}” is told here. This browser remembers it.',
  'seat.none-means': 'Until a seat is said, what asks for any of them sounds here.',
  'seat.done': 'Done',
  'seat.change': 'Change the seat: {seat}',
  'seat.asked': 'for this seat',
  'seats-now.title': 'Seats now',
  'seats-now.nobody': 'nobody sits there',
  'seats-now.holds': '{count, plural, =0 {nothing in hand} one {# alarm in hand} other {# alarms in hand}}',
  'seats-now.oldest': 'oldest',
  'seats-now.none': 'There are no seats yet: make one below, under shifts and seats.',
}
