// The table of built-in controllers: behaviour of core DocTypes that their definitions cannot say.
import type { Passwords } from '../auth/password.ts';
import type { Controllers } from '../documents/controller.ts';
import type { Registry } from '../doctypes/registry.ts';
import { createDocTypeController } from './doctype.ts';
import { createUserController } from './user.ts';

export interface BuiltInServices {
  readonly passwords: Passwords;
  readonly registry: Registry;
}

export const builtInControllers = ({ passwords, registry }: BuiltInServices): Controllers =>
  new Map([
    ['User', createUserController(passwords)],
    ['DocType', createDocTypeController(registry)],
  ]);
