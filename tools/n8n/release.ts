import { SetupError } from './setup-error';

/** How one n8n release is installed from the npm registry. */
export interface N8nRelease {
	readonly version: string;
	/** The major version of Node it runs on, and its native modules are compiled for. */
	readonly nodeMajor: number;
	/**
	 * Transitive versions to hold: n8n publishes no lock file, so a fresh install may pick newer ones that are
	 * missing from a registry or do not fit each other.
	 */
	readonly overrides: Readonly<Record<string, string>>;
	/** Packages that must lie beside n8n: npm would hoist a version that n8n itself cannot use. */
	readonly companions: Readonly<Record<string, string>>;
	/** Native modules n8n cannot start without. All other install scripts are skipped: they download or compile what nobody needs here. */
	readonly nativeModules: readonly string[];
	/** Free space the installation asks for, in bytes; it ends at about three quarters of this. */
	readonly diskBytes: number;
	/** Settings that only this release knows. */
	readonly environment: Readonly<Record<string, string>>;
}

const GIGABYTE = 1024 ** 3;

/** The last one in the npm registry; older n8n asks for a later one from its makers' own server. */
const XLSX = '0.18.5';

/** These modules ask n8n's servers for catalogues at every start; there is no switch for the call alone. */
const withoutCatalogues = { N8N_DISABLED_MODULES: 'mcp-registry,instance-ai,agents,chat-hub' };

export const n8nReleases: readonly N8nRelease[] = [
	{
		version: '2.41.1',
		nodeMajor: 24,
		overrides: {
			linkedom: '0.18.13',
			'@langchain/langgraph-checkpoint': '1.1.5',
			'@langchain/protocol': '0.0.19',
		},
		companions: {},
		nativeModules: ['sqlite3', 'isolated-vm'],
		diskBytes: 3 * GIGABYTE,
		environment: withoutCatalogues,
	},
	{
		version: '2.35.7',
		nodeMajor: 22,
		overrides: {
			xlsx: XLSX,
			linkedom: '0.18.13',
			'@langchain/langgraph-checkpoint': '1.1.5',
			'@langchain/protocol': '0.0.19',
		},
		companions: {},
		nativeModules: ['sqlite3', 'isolated-vm'],
		diskBytes: 3 * GIGABYTE,
		environment: withoutCatalogues,
	},
	{
		version: '2.8.4',
		nodeMajor: 20,
		overrides: { xlsx: XLSX, '@langchain/langgraph-checkpoint': '1.0.0' },
		companions: { '@opentelemetry/core': '2.12.1' },
		nativeModules: ['sqlite3'],
		diskBytes: 2.5 * GIGABYTE,
		environment: {},
	},
	{
		version: '1.123.81',
		nodeMajor: 20,
		overrides: { xlsx: XLSX, '@langchain/langgraph-checkpoint': '1.0.0' },
		companions: {},
		nativeModules: ['sqlite3'],
		diskBytes: 2 * GIGABYTE,
		environment: {
			// The other engine needs isolated-vm, and the version of that which n8n asks for does not compile for Node 20.
			N8N_EXPRESSION_ENGINE: 'legacy',
			// Without a pool, requests at the same time end each other's transactions.
			DB_SQLITE_POOL_SIZE: '2',
		},
	},
];

/** What the demo and the end-to-end tests run on. */
export const DEFAULT_N8N_VERSION = '2.41.1';

export function findRelease(version: string): N8nRelease {
	const release = n8nReleases.find((candidate) => candidate.version === version);
	if (release !== undefined) return release;
	const known = n8nReleases.map((candidate) => candidate.version).join(', ');
	throw new SetupError(`No recipe to install n8n ${version}. Known versions: ${known}.`);
}
