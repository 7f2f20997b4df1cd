import type { Text } from './entitlement.ts'

/** Kinds of resources as people call them, by service and the word in the ARN; others keep AWS's word. */
const nouns: Record<string, Text> = {
  'dynamodb/table': { en: 'table', ja: 'テーブル' },
  'ec2/instance': { en: 'instance', ja: 'インスタンス' },
  'ecr/repository': { en: 'repository', ja: 'リポジトリ' },
  'ecs/cluster': { en: 'cluster', ja: 'クラスター' },
  'kms/key': { en: 'key', ja: 'キー' },
  'lambda/function': { en: 'function', ja: '関数' },
  'logs/log-group': { en: 'log group', ja: 'ロググループ' },
  'rds/db': { en: 'database', ja: 'データベース' },
  'secretsmanager/secret': { en: 'secret', ja: 'シークレット' },
  'ssm/parameter': { en: 'parameter', ja: 'パラメータ' },
  'states/stateMachine': { en: 'state machine', ja: 'ステートマシン' },
  'sns/': { en: 'topic', ja: 'トピック' },
  'sqs/': { en: 'queue', ja: 'キュー' },
}

/** The service an ARN belongs to; undefined for `*`. */
export function serviceOfArn(arn: string): string | undefined {
  const service = arn.split(':')[2]
  return service === undefined || service === '*' ? undefined : service
}

/** An ARN, or a pattern of ARNs, as people would name it. `actions` are the names of what may be done with it. */
export function resourceWords(arn: string, actions: string[]): Text {
  const [, , service = '', , , ...rest] = arn.split(':')
  const path = rest.join(':')
  if (service === 's3') return s3Words(path)
  const [type = '', ...names] = /[/:]/.test(path) ? path.split(/[/:](.*)/s).slice(0, 2) : ['', path]
  const name = names.join('')
  const noun = nouns[`${service}/${type}`] ?? { en: type, ja: type }
  if (path === '*') return { en: 'every resource', ja: '全リソース' }
  const one = name === '*' ? every(noun) : named(noun, name)
  const isItems = service === 'dynamodb' && actions.every(action => /Item|^Query$|^Scan$|^PartiQL/.test(action))
  return isItems ? { en: `items in ${one.en}`, ja: `${one.ja} の項目` } : one
}

function s3Words(path: string): Text {
  const [bucket = '', ...rest] = path.split('/')
  const noun = { en: 'bucket', ja: 'バケット' }
  const one = bucket === '*' ? every(noun) : named(noun, bucket)
  if (rest.length === 0) return one
  const key = rest.join('/')
  if (key === '*') return { en: `objects in ${one.en}`, ja: `${one.ja} のオブジェクト` }
  const what = key.endsWith('*') ? { en: 'objects', ja: 'オブジェクト' } : { en: 'object', ja: 'オブジェクト' }
  const place = `${bucket}/${key.replace(/\*$/, '')}`
  return key.endsWith('*') ? { en: `${what.en} under ${place}`, ja: `${place} 以下の${what.ja}` } : named(what, place)
}

function every({ en, ja }: Text): Text {
  return { en: `every ${en}`, ja: `全${ja}` }
}

function named({ en, ja }: Text, name: string): Text {
  return { en: `${en} ${name}`.trim(), ja: `${ja} ${name}`.trim() }
}
