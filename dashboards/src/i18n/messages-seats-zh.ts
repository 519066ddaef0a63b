/** Which seat a console is, and what is asked of it. */
export const seatsZh = {
  'seat.title': '本台坐席',
  'seat.which': '这里是哪个坐席？',
  'seat.none': '未指定坐席',
  'seat.loading': '正在读取坐席…',
  'seat.again': '重试',
  'seat.taken': '{name}（{who} 在席）',
  'seat.means': '呼叫“{seat}”的报警会在这里提示。此浏览器会记住。',
  'seat.none-means': '未指定坐席时，呼叫任一坐席的报警都会在这里响。',
  'seat.done': '完成',
  'seat.change': '更换坐席：{seat}',
  'seat.asked': '呼叫本坐席',
  'seats-now.title': '坐席现况',
  'seats-now.nobody': '无人在席',
  'seats-now.holds': '{count, plural, =0 {手上没有报警} other {手上 # 条}}',
  'seats-now.oldest': '最久',
  'seats-now.none': '还没有坐席。可在下方“排班与坐席”里新建。',
} as const
