/** How one gets in, on which numbers people are called, and who is sent. */
export const goingZh = {
  'person.access': '怎样进门',
  'person.access-show': '显示（将记入日志）',
  'person.access-hide': '重新遮盖',
  'person.access-owner': '接警后可查看',
  'ways.title': '{name} 的联系方式',
  'ways.dial': '拨打 {number}',
  'ways.outcomes': '拨打 {number} 的结果',
  'ways.proven': '{on} 有人应答',
  'ways.unproven': '从未验证',
  'ways.dead': '{on} 起失效 {why}',
  'responders.title': '可派人员',
  'responders.dispatch': '派出',
} as const
