import { createRequire } from 'node:module';
import * as z from 'zod';

/** Loads a package, or a file by its path from n8n's program, as that program would. Throws where there is none. */
export type LoadFromHost = (name: string) => unknown;

/** What n8n keeps its services in. */
export interface ServiceContainer {
	get(service: unknown): unknown;
}

/**
 * The packages are no dependencies of ours, and have to be the very copies that n8n has set up: only those hold its
 * services. n8n's program finds them in every layout of `node_modules`.
 */
export function loadFromHost(name: string): unknown {
	const program = require.main?.filename;
	if (program === undefined) throw new Error('the program that runs is not known');
	return createRequire(program)(name);
}

/** Throws where the host has no services, or keeps them in another way. */
export function findContainer(load: LoadFromHost): ServiceContainer {
	return injection.parse(load('@n8n/di')).Container;
}

const injection = z.object({
	Container: z.custom<ServiceContainer>((value) => hasMethod(value, 'get')),
});

export function propertyOf(value: unknown, name: string): unknown {
	return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

export function hasMethod(value: unknown, name: string): boolean {
	return typeof propertyOf(value, name) === 'function';
}
