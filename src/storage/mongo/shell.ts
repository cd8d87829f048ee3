// A lowered query as a line to paste into mongosh.
import type { Document } from 'mongodb';
import type { Query } from '../query.ts';
import type { FindOptions } from '../store.ts';
import { lowerFields, lowerQuery, lowerSort } from './lower.ts';

export function toShell(collection: string, query: Query, options: FindOptions = {}): string {
  const { fields, sort = [], skip, limit } = options;
  const projection = fields === undefined ? '' : `, ${print(lowerFields(fields))}`;
  const order = lowerSort(sort).map(([field, direction]) => `${JSON.stringify(field)}: ${direction}`);
  return [
    `db.getCollection(${JSON.stringify(collection)}).find(${print(lowerQuery(query))}${projection})`,
    `.sort({${order.join(', ')}})`,
    skip === undefined || skip === 0 ? '' : `.skip(${skip})`,
    limit === undefined ? '' : `.limit(${limit})`,
  ].join('');
}

function print(value: Document): string {
  return JSON.stringify(value);
}
