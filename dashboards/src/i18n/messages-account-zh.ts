/** Who may log in, and how. */
export const accountZh = {
  'account.enrol-title': '设置第二因素',
  'account.code-title': '输入验证码',
  'account.as': '账号：{username}',
  'account.enrol': '用手机上的身份验证器应用扫描此二维码。它只显示这一次。',
  'account.qr': '身份验证器应用的二维码',
  'account.type-instead': '无法扫描？在应用中手动输入此密钥：',
  'account.open-app': '在这台设备的身份验证器应用中打开',
  'account.code': '验证码',
  'account.code-more': '应用显示的六位数字，每 30 秒更换',
  'account.confirm': '确认并登录',
  'account.back': '返回',
  'account.code-wrong': '验证码不对，或已经用过。请等应用显示下一个。',
  'account.locked': '此账号已被锁定，请联系管理员。',
} as const
