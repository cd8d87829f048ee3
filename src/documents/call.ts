// What one request, or one piece of the service's own work, carries through every operation.
import type { Principal } from '../access/principal.ts';
import type { Registry } from '../doctypes/registry.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import type { Logger } from '../log/logger.ts';
import type { Clock } from '../util/datetime.ts';
import type { Controllers } from './controller.ts';
import type { Secrets } from './secrets.ts';

/** A message for the user, as Frappe's clients show it. */
export interface Message {
  readonly message: string;
  readonly title?: string;
  readonly indicator?: string;
  readonly alert?: 1;
}

export interface Limits {
  /** Filters and or_filters together, per request. */
  readonly filters: number;
  /** Rows a list may return when the client asks for no limit; 0 means no cap. */
  readonly pageLength: number;
}

/** What all calls of one app share. */
export interface Services {
  readonly registry: Registry;
  readonly controllers: Controllers;
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly limits: Limits;
  /** 0 Sunday … 6 Saturday. */
  readonly firstDayOfWeek: number;
  readonly log: Logger;
}

export interface Call extends Services {
  readonly principal: Principal;
  /** Reads, and writes that take effect together when the call commits. */
  readonly work: UnitOfWork;
  /** Sent along with the answer. */
  readonly messages: Message[];
}
