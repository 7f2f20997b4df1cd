import type { Probe } from './page/page-world.ts'

/** What the page's matrix and terminal ask AWS about, all the time. */
export const probes: Probe[] = [
  {
    id: 'orders',
    label: { en: 'Read table orders-eu', ja: 'テーブル orders-eu の読み取り' },
    accountId: '000000000000',
    action: 'dynamodb:GetItem',
    resource: 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/orders-eu',
    terminal: { command: `aws dynamodb get-item --table-name orders-eu --key '{"id":{"S":"7"}}'`, as: 'U0ALICE' },
  },
  {
    id: 'prod-read',
    label: { en: 'Look at Production', ja: '本番の閲覧' },
    accountId: '111111111111',
    action: 'ec2:DescribeInstances',
    resource: '*',
    terminal: { command: 'aws ec2 describe-instances --profile production', as: 'U0ALICE' },
  },
  {
    id: 'dev-write',
    label: { en: 'Change Development', ja: '開発環境の変更' },
    accountId: '222222222222',
    action: 'dynamodb:PutItem',
    resource: 'arn:aws:dynamodb:ap-northeast-1:222222222222:table/trial',
    terminal: { command: 'aws dynamodb put-item --table-name trial --profile development', as: 'U0ALICE' },
  },
]
