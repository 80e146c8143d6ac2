/** A worker runs the executions that a main has put into a queue; it has no editor and no REST API. */
export type Role = 'main' | 'worker';

export interface InstanceAddress {
	readonly role: Role;
	readonly userFolder: string;
	readonly port: number;
	/** For n8n's own task runner process. */
	readonly brokerPort: number;
}

/** n8n's settings for an instance that only this machine sees, and that calls nobody. */
export function toEnvironment(
	address: InstanceAddress,
	own: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
	const ofRole = address.role === 'worker' ? toWorkerSettings(address) : {};
	return {
		...withoutN8nSettings(process.env),
		...localOnly(address),
		...ofRole,
		...silent,
		...own,
	};
}

function localOnly({ userFolder, port, brokerPort }: InstanceAddress): Record<string, string> {
	return {
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}/`,
		WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_SECURE_COOKIE: 'false',
		// How long n8n itself waits for running executions when it is asked to stop, in seconds.
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
		N8N_LOG_LEVEL: 'info',
	};
}

/** Workers answer questions after their health only where they are told to, and under names of their own. */
function toWorkerSettings({ port }: InstanceAddress): Record<string, string> {
	return {
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
		N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
	};
}

/** Nothing of the demo or a test may leave the machine: every call home that n8n makes by default. */
const silent: Readonly<Record<string, string>> = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	EXTERNAL_FRONTEND_HOOKS_URLS: '',
};

/**
 * An instance of our own must not inherit the database or queue of one the user runs, nor what a test runner sets
 * for itself: in a test environment n8n prints nothing and looks for its sources.
 */
function withoutN8nSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const foreign =
		/^(N8N|DB|QUEUE|EXECUTIONS|CREDENTIALS|WEBHOOK|GENERIC|JEST)_|^NODE_(ENV|OPTIONS)$/;
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !foreign.test(name)));
}
