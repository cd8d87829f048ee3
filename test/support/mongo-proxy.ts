// Stands between the driver and a MongoDB-compatible server, so that a test sees every command, can fail some, and
// can make a server without transactions look like a replica set. It shows how this service talks to a replica set;
// what a real one makes of it is not its business: nothing here undoes an aborted transaction.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { BSON } from 'mongodb';

type Command = Readonly<Record<string, unknown>>;

export interface MongoProxy {
  readonly uri: string;
  /** Commands as the driver sent them, without those of its monitoring. */
  readonly commands: Command[];
  /** Answers a command instead of the server, if it returns a reply. */
  answer: (command: Command) => Command | undefined;
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly target: string;
  readonly replicaSet: boolean;
}

const OP_REPLY = 1;
const OP_MSG = 2013;
const TRANSACTION_FIELDS = new Set(['txnNumber', 'autocommit', 'startTransaction', 'readConcern']);
const MONITORING = new Set(['hello', 'ismaster', 'isMaster', 'endSessions', 'buildInfo', 'ping']);

export async function startMongoProxy({ target, replicaSet }: ProxyOptions): Promise<MongoProxy> {
  const upstream = new URL(target);
  const sockets = new Set<Socket>();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const host = `127.0.0.1:${address.port}`;
  const proxy: MongoProxy = {
    uri: `mongodb://${host}/proxied?serverSelectionTimeoutMS=1000`,
    commands: [],
    answer: () => undefined,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', (client) => {
    const serverSide = connect({ host: upstream.hostname, port: Number(upstream.port) });
    for (const socket of [client, serverSide]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        serverSide.destroy();
      });
      // Either end may vanish at any time; the other follows by its `close`.
      socket.on('error', () => socket.destroy());
    }
    onMessages(client, (message) => {
      const outcome = fromClient(message, proxy, replicaSet);
      if (outcome.reply !== undefined) client.write(outcome.reply);
      else serverSide.write(outcome.forward);
    });
    onMessages(serverSide, (message) => client.write(replicaSet ? asReplicaSet(message, host) : message));
  });
  return proxy;
}

/** Cuts a stream into messages, each led by its length. */
function onMessages(socket: Socket, handle: (message: Buffer) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
      const length = pending.readInt32LE(0);
      handle(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  });
}

function fromClient(
  message: Buffer,
  proxy: MongoProxy,
  replicaSet: boolean,
): { forward: Buffer; reply?: Buffer } {
  if (message.readInt32LE(12) !== OP_MSG) return { forward: message };
  const section = readCommand(message);
  const command: Command = BSON.deserialize(section.bytes);
  const name = Object.keys(command)[0] ?? '';
  if (!MONITORING.has(name)) proxy.commands.push(command);
  const canned = proxy.answer(command) ?? (replicaSet ? endOfTransaction(name) : undefined);
  if (canned !== undefined) return { forward: message, reply: replyTo(message, canned) };
  return { forward: replicaSet ? withoutTransaction(message, section) : message };
}

function endOfTransaction(name: string): Command | undefined {
  return name === 'commitTransaction' || name === 'abortTransaction' ? { ok: 1 } : undefined;
}

interface Section {
  readonly at: number;
  readonly bytes: Buffer;
}

/** The section that holds the command; lists of documents may stand before or after it. */
function readCommand(message: Buffer): Section {
  let at = 20;
  while (message.readUInt8(at) !== 0) at += 1 + message.readInt32LE(at + 1);
  return { at: at + 1, bytes: message.subarray(at + 1, at + 1 + message.readInt32LE(at + 1)) };
}

function withoutTransaction(message: Buffer, { at, bytes }: Section): Buffer {
  const exact = BSON.deserialize(bytes, { promoteValues: false });
  const kept = Object.entries(exact).filter(([field]) => !TRANSACTION_FIELDS.has(field));
  return replaced(message, { at, bytes }, Object.fromEntries(kept));
}

function replaced(message: Buffer, { at, bytes }: Section, document: Command): Buffer {
  const rest = message.subarray(at + bytes.length);
  const changed = Buffer.concat([message.subarray(0, at), BSON.serialize(document), rest]);
  changed.writeInt32LE(changed.length, 0);
  return changed;
}

function replyTo(message: Buffer, reply: Command): Buffer {
  const body = BSON.serialize(reply);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(message.readInt32LE(4), 8);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

/** The server's answer to a handshake, with the fields of the primary of a set of one. */
function asReplicaSet(message: Buffer, host: string): Buffer {
  const opcode = message.readInt32LE(12);
  if (opcode !== OP_MSG && opcode !== OP_REPLY) return message;
  const at = opcode === OP_MSG ? 21 : 36;
  const section = { at, bytes: message.subarray(at, at + message.readInt32LE(at)) };
  const reply = BSON.deserialize(section.bytes, { promoteValues: false });
  if (!('isWritablePrimary' in reply) && !('ismaster' in reply)) return message;
  const set = { setName: 'rs0', setVersion: 1, secondary: false, hosts: [host], me: host, primary: host };
  return replaced(message, section, { ...reply, ...set });
}
