// Opens the connection and finds out what kind of server answers. What it says never holds credentials.
import { MongoClient, MongoError, type Db } from 'mongodb';
import { StoreUnavailable } from '../errors.ts';
import type { Context } from './context.ts';

const DEFAULT_DATABASE = 'doctype_server';
const SELECTION_MS = 5000;

/** @throws StoreUnavailable in one line: the URI is not valid, or nobody answers, or it refuses us */
export async function connect(options: {
  readonly uri: string;
  readonly maxTimeMs: number;
}): Promise<{ context: Context; description: string }> {
  const client = createClient(options.uri);
  const place = client.options.srvHost ?? client.options.hosts.map(String).join(',');
  try {
    await client.connect();
    const durable = { writeConcern: client.options.writeConcern ?? { w: 'majority', journal: true } };
    const db = client.db(databaseOf(options.uri), durable);
    const server = await inspect(client, db);
    const capabilities = { transactions: server.transactions, partialUniqueIndexes: true };
    const judgesRows = !server.ferret;
    const maps = { unique: new Map(), unguarded: new Map(), expiring: new Set<string>() };
    return {
      context: { client, db, maxTimeMs: options.maxTimeMs, capabilities, judgesRows, ...maps },
      description: `MongoDB ${server.version} (${server.kind}) at ${place}/${db.databaseName}`,
    };
  } catch (error) {
    await client.close();
    if (!(error instanceof MongoError)) throw error;
    throw new StoreUnavailable(`MongoDB at ${place} cannot be used: ${error.message}`, { cause: error });
  }
}

/** @throws StoreUnavailable without the URI, which may hold a password */
function createClient(uri: string): MongoClient {
  try {
    return new MongoClient(uri, {
      appName: 'doctype-server',
      ignoreUndefined: true,
      ...(/[?&]serverSelectionTimeoutMS=/i.test(uri) ? {} : { serverSelectionTimeoutMS: SELECTION_MS }),
    });
  } catch {
    throw new StoreUnavailable('the MongoDB URI is not valid');
  }
}

/** The path of the URI; the driver's own default (`test`) is nobody's intention. */
function databaseOf(uri: string): string {
  const path = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
  return path === undefined ? DEFAULT_DATABASE : decodeURIComponent(path);
}

interface Server {
  readonly version: string;
  readonly kind: string;
  readonly transactions: boolean;
  /** FerretDB, whose `$elemMatch` knows no rows. It says so only of collections that hold some: a probe tells nothing. */
  readonly ferret: boolean;
}

async function inspect(client: MongoClient, db: Db): Promise<Server> {
  const hello = await db.admin().command({ hello: 1 });
  const build = await db.admin().command({ buildInfo: 1 });
  const set: unknown = hello['setName'];
  const sharded = hello['msg'] === 'isdbgrid';
  const kind = sharded ? 'sharded cluster' : typeof set === 'string' ? `replica set ${set}` : 'standalone';
  const able = (sharded || typeof set === 'string') && (await canTransact(client, db));
  return { version: String(build['version']), kind, transactions: able, ferret: 'ferretdbVersion' in build };
}

/** Not every server that looks like a replica set has transactions: so one is tried, with a read and nothing else. */
async function canTransact(client: MongoClient, db: Db): Promise<boolean> {
  const session = client.startSession();
  try {
    session.startTransaction();
    await db.collection('_series').findOne({}, { session });
    await session.abortTransaction();
    return true;
  } catch (error) {
    if (error instanceof MongoError) return false;
    throw error;
  } finally {
    await session.endSession();
  }
}
