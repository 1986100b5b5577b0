// Written by scripts/client-api.mjs from openapi.yaml; do not change it by hand.
export interface paths {
    "/v1/bosses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Bosses */
        get: operations["listBosses"];
        put?: never;
        /**
         * Create a Boss
         * @description With instructions or without. Durable before it is answered; all or nothing.
         */
        post: operations["createBoss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a Boss */
        get: operations["getBoss"];
        put?: never;
        post?: never;
        /** Remove a Boss that is over, with its instructions and reports */
        delete: operations["removeBoss"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the instructions of a Boss */
        get: operations["listInstructions"];
        put?: never;
        /**
         * Give a Boss instructions
         * @description All or nothing, and durable before it is answered. A refusal names the row, or the line of NDJSON that is no JSON object.
         */
        post: operations["appendInstructions"];
        /** Cancel the instructions that match, all that have not ended without a filter */
        delete: operations["cancelInstructions"];
        options?: never;
        head?: never;
        /** Change the priority of the instructions that match, of all that have not ended without a filter */
        patch: operations["changeInstructions"];
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at an instruction and its attempts */
        get: operations["getInstruction"];
        put?: never;
        post?: never;
        /**
         * Cancel an instruction
         * @description One that runs is told to end (SIGTERM, its grace, then SIGKILL) and is reported as cancelled when it has.
         */
        delete: operations["cancelInstruction"];
        options?: never;
        head?: never;
        /**
         * Change the priority of an instruction
         * @description Of one that runs it counts if it has to be tried again.
         */
        patch: operations["changeInstruction"];
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions/{id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an instruction wrote, or follow what it writes
         * @description Of a running attempt what it wrote by now. `Taylord-Cut: written=N, kept=M` when not all that an ended attempt wrote was kept: 64 MiB a stream, `--output-mib` a Boss, and not the last room of the disk.
         */
        get: operations["getOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start, or resume after halt */
        post: operations["work"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/halt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start nothing new until told to work; what runs goes on */
        post: operations["halt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take no more instructions; be over when all are done */
        post: operations["end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start nothing more and be over when what runs has finished
         * @description With `now=true` what runs is told to end (SIGTERM, then SIGKILL) and is reported as cancelled.
         */
        post: operations["stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give what failed once more, as new instructions
         * @description Each new one says in `retry_of` which it stands for. What was given again already is left out, unless `ids` names it.
         */
        post: operations["retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the report of a Boss
         * @description `Accept: application/x-ndjson` streams every entry after `after`, one a line. `Prefer: wait=N` waits until the Boss is over, at most N (and 3600) seconds, and is then answered as without it; a Boss that is halted and ending with work left refuses such a wait with `boss-halted`.
         */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what failed, by cause and kind */
        get: operations["listFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/arrays/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a shared array as it is now
         * @description At any time, also while workers change it: then some of their changes are in it and some are not.
         */
        get: operations["getArray"];
        /**
         * Give a Boss a shared array, or another one under a name that it has
         * @description The body is a .npy file of version 1.0 or 2.0, in C order and little-endian, of int8 to int64, uint8 to uint64, float32, float64 or bool. Its elements are written to /dev/shm while they come in. One that running work may have mapped is not replaced.
         */
        put: operations["putArray"];
        post?: never;
        /** Remove a shared array before its Boss is removed */
        delete: operations["removeArray"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/arrays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the shared arrays of a Boss */
        get: operations["listArrays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the events of a Boss
         * @description A WebSocket, each text message one JSON array, `Events`; or with `Accept: text/event-stream` a stream of server-sent events, one each, whose id is its `seq`, with a comment every 15 s. `Last-Event-ID` goes before `since`. `gap` stands for what is kept no more (`from`, `to`), or was too much for a reader that stalled. `instruction.progress` is in no log and has no `seq`. What the client says is ignored. After `boss.over` the socket closes with 1000, the stream ends, and who comes again for it gets 204.
         */
        get: operations["listenToBoss"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the events of all Bosses
         * @description A WebSocket, each text message one JSON array, `Events`; or with `Accept: text/event-stream` a stream of server-sent events, one each, whose id is its `seq`, with a comment every 15 s. `Last-Event-ID` goes before `since`. `gap` stands for what is kept no more (`from`, `to`), or was too much for a reader that stalled. `instruction.progress` is in no log and has no `seq`. What the client says is ignored.
         */
        get: operations["listen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See who works where */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See which worker kinds can be hired, and which plugins were left out and why */
        get: operations["listKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what the machine has and who holds it */
        get: operations["getResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/debug/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hold what the daemon has in memory against itself and against the store
         * @description It reads what unfinished Bosses have stored: seconds where that is millions of rows. What it finds is a bug to report.
         */
        get: operations["checkConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedulers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See which schedulers there are, how each is chosen and what can be set */
        get: operations["listSchedulers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedulers/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what a scheduler would start now
         * @description One decision of the code that decides for Bosses, over lists, on a machine that has room for everything. Nothing runs, and what can never fit is kept, not refused.
         */
        post: operations["previewScheduler"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove old Bosses
         * @description Bosses that are over go with their instructions, reports, outputs and arrays; an unfinished one never does. They are gone when it is answered; their room on the disk is given back soon after.
         */
        post: operations["prune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tokens, expired ones included; what they are is not told */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a token
         * @description `token` is told this once and kept nowhere. As soon as there is a token, every call but `/livez` and `/readyz` needs one, as `Authorization: Bearer TOKEN`.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask what your token may do
         * @description Where no token is asked for, everybody is an admin.
         */
        get: operations["whoAmI"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token
         * @description From now on it lets nobody in; what its bearer has open is cut off, sockets with 1008.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the daemon alive? */
        get: operations["livez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Should it get new work? The problem names the reasons */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read counts, times and levels, for Prometheus and others
         * @description OpenMetrics 1.0, or the text form 0.0.4 of Prometheus where `Accept` prefers that. Counts begin at 0 with the daemon and show committed state only. Label values are bounded: nothing in them comes from clients.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read this contract */
        get: operations["getContract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read this contract as a page
         * @description It needs no script and no other host.
         */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Look at the dashboard
         * @description The page and its files need no token; what it shows does, and it asks for one.
         */
        get: operations["getDashboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Load a file of the dashboard
         * @description Its name changes with what is in it.
         */
        get: operations["getDashboardFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the daemon go down, as SIGTERM does
         * @description Nothing new starts, new work is refused with `draining`, `/readyz` says `not-ready`. What runs has `grace` seconds; what is not done by then is broken off and tried again after the next start. Then the process ends with 0. Asked again, it answers the same.
         */
        post: operations["drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ArrayLayout: {
            /** @enum {string} */
            dtype: "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float32" | "float64" | "bool";
            /** @description lengths of its dimensions; [] for a single value */
            shape: number[];
        };
        /** @description how often what failed is tried, and when */
        RetryPolicy: {
            /** @description in all, the first one included */
            attempts: number;
            /**
             * @description s before the second attempt; doubled for each further one
             * @default 1
             */
            backoff?: number;
            /**
             * @description s at most between two attempts
             * @default 300
             */
            max_backoff?: number;
            /**
             * @description share of the pause that chance may add, so that what failed together does not come back together
             * @default 0.1
             */
            jitter?: number;
            /** @description causes after which it is tried again; every failure when absent */
            on?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start")[];
            /**
             * @description after `oom` the next attempt may take so many times the memory
             * @default 1
             */
            memory_factor?: number;
        };
        /**
         * @description where workers run: on the machine of the daemon, or wherever Slurm starts them
         * @default local
         * @enum {string}
         */
        CrewName: "local" | "slurm";
        NewBoss: {
            /** @description unique among the Bosses that are not over */
            name?: string;
            /** @description the policy, as in taylorism: {"limit": "threads", "max_threads": N, "singlefile"?, "binded"?}, {"limit": "memory", "max_memory"?, "memory_per_task"?, "memory_max_percentage"?, "binded"?}, {"limit": "threads+memory", "max_threads": N, and as memory} {"nosort": true}, or {"scheduler": name, …settings} of a plugin; half the cores as threads when absent or null. GET /v1/schedulers tells more */
            scheduler?: Record<string, unknown> | null;
            /** @description attributes that every row carries unless it says otherwise */
            common_instructions?: Record<string, unknown>;
            /** @description columns of equal length: row i takes value i of each */
            individual_instructions?: {
                [key: string]: unknown[];
            };
            /** @description rows; instead of individual_instructions */
            instructions?: Record<string, unknown>[];
            /** @description shared arrays of zeros, by name; PUT …/arrays/{name} gives others */
            arrays?: {
                [key: string]: components["schemas"]["ArrayLayout"];
            };
            /**
             * @description false: halted until told to work
             * @default true
             */
            start?: boolean;
            /**
             * @description true: takes no more instructions and is over when these are done
             * @default false
             */
            end?: boolean;
            /**
             * @description stop: the first failure stops the others
             * @default continue
             * @enum {string}
             */
            on_error?: "continue" | "stop";
            /**
             * @description true: the log has who started, and what each success reported
             * @default false
             */
            verbose?: boolean;
            /**
             * @description characters of a report that are logged; the report itself is not cut
             * @default 1024
             */
            maxlenreport?: number;
            retry?: components["schemas"]["RetryPolicy"];
            crew?: components["schemas"]["CrewName"];
        };
        /** @description exactly one of individual_instructions and instructions */
        Append: {
            /** @description attributes that every row carries unless it says otherwise */
            common_instructions?: Record<string, unknown>;
            /** @description columns of equal length: row i takes value i of each */
            individual_instructions?: {
                [key: string]: unknown[];
            };
            /** @description rows; instead of individual_instructions */
            instructions?: Record<string, unknown>[];
            /**
             * @description true: a refusal also stops the Boss at once
             * @default false
             */
            fatal?: boolean;
        };
        /** @description how many were cancelled; those that run end later */
        Cancelled: {
            cancelled: number;
            /** @description how many of them had begun */
            working: number;
        };
        Change: {
            /** @description larger first */
            priority: number;
        };
        /** @description how many were changed */
        Changed: {
            changed: number;
        };
        Work: {
            /**
             * @description true: end once everything is done
             * @default false
             */
            terminate?: boolean;
            /**
             * @description true: the Boss is over, its workers go on unheard
             * @default false
             */
            stop_listening?: boolean;
        };
        /** @description nothing needs to be said */
        Nothing: Record<string, unknown>;
        Retry: {
            /** @description only what ended by one of these; every failure when absent */
            causes?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired")[];
            /** @description only instructions of these kinds */
            kinds?: string[];
            /** @description only these; also what was given again before */
            ids?: number[];
            /** @description id or name of the Boss that gets them; the same one when absent */
            into?: string;
        };
        PreviewRequest: {
            /** @description the policy, as in taylorism */
            scheduler: Record<string, unknown>;
            /** @description what waits, in order of arrival: `name`, and `memory`, `expected_time`, `fileA`, `fileB` as the policy reads them */
            pending: Record<string, unknown>[];
            /** @description what runs: `scheduler_ticket`, `memory`, `fileA`, `fileB` as the policy reads them; nothing when absent */
            workers?: Record<string, unknown>[];
            /** @description as if on a machine of so many CPUs; this one when absent */
            cpu_count?: number;
            /** @description as if on a machine of so much memory; this one when absent */
            system_memory_mib?: number;
        };
        /** @description one limit is enough to go; without any, the limits of the daemon (--keep-days, --keep-bosses, --keep-mib) */
        Prune: {
            /** @description s since they were over: those go that were over before */
            older_than?: number;
            /** @description so many of the newest stay */
            keep?: number;
            /** @description of the database and of what programs wrote: the oldest go until it is no more */
            max_bytes?: number;
            /**
             * @description true: say what would go, remove nothing
             * @default false
             */
            dry_run?: boolean;
        };
        /** @description It is */
        Ok: {
            /** @enum {boolean} */
            ok: true;
        };
        /**
         * @description working, halted, ending or stopping while it lives; finished, stopped (work left over) or failed once it is over
         * @enum {string}
         */
        BossStatus: "working" | "halted" | "ending" | "stopping" | "finished" | "stopped" | "failed";
        /** @description instructions by status */
        Counts: {
            pending: number;
            working: number;
            succeeded: number;
            failed: number;
            cancelled: number;
        };
        /** @description why the Boss itself failed, such as its custom scheduler; what failed in an instruction is in the report */
        BossError: {
            /** @description name of what happened */
            type: string;
            /** @description for a person */
            message: string;
        };
        IgnoredAttribute: {
            /** @description as the row gives it */
            attribute: string;
            /** @description the first row that gives it, from 1 */
            row: number;
            /** @description which does not know it */
            kind: string;
            /** @description the name nearest to it that the kind knows */
            did_you_mean?: string;
        };
        /** @enum {string} */
        InstructionStatus: "pending" | "working" | "succeeded" | "failed" | "cancelled";
        /** @description the limits that hold for it; null where there is none */
        Limits: {
            /** @description s that an attempt may take */
            timeout: number | null;
            /** @description s that it may wait for its first start */
            expires: number | null;
            /** @description s between being asked to end and being killed */
            grace: number;
            /** @description MiB that it may take */
            memory: number | null;
            /** @description when it is tried again; its Boss’s if it has none of its own */
            retry: components["schemas"]["RetryPolicy"] | null;
            /** @description it never begins twice */
            at_most_once: boolean;
        };
        /**
         * @description how an instruction ended
         * @enum {string}
         */
        Outcome: "succeeded" | "failed" | "cancelled";
        /**
         * @description why it did not succeed
         * @enum {string}
         */
        Cause: "exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired";
        /** @description what the run cost */
        Usage: {
            /** @description s from start to end */
            wall: number;
            /** @description s of CPU time, null when not known */
            cpu: number | null;
            /** @description peak resident memory in MiB, null when not known */
            max_rss: number | null;
        };
        /** @description one attempt; without an outcome it is going on */
        Attempt: {
            attempt: number;
            outcome?: components["schemas"]["Outcome"];
            cause?: components["schemas"]["Cause"];
            started_at?: string | null;
            /** Format: date-time */
            finished_at?: string;
            usage?: components["schemas"]["Usage"];
        } & {
            [key: string]: unknown;
        };
        /** @description a row, as its worker would get it */
        Resolved: {
            name?: string;
            kind: string;
            attributes: Record<string, unknown>;
        };
        PrunedBoss: {
            id: number;
            name?: string;
            /** @enum {string} */
            status: "finished" | "stopped" | "failed";
            /** Format: date-time */
            over_at: string;
            /** @description estimated */
            bytes: number;
        };
        /** @description what the task threw, or what ended it */
        TaskError: {
            type: string;
            message: string;
        };
        /** @description what failed by one cause, of one kind, and the newest report of it */
        FailureGroup: {
            cause: components["schemas"]["Cause"];
            kind: string;
            /** @description instructions that failed so, also those that were given again */
            count: number;
            newest: components["schemas"]["ReportEntry"];
        };
        /** @description a worker process, and what it carries out */
        Worker: {
            host: number;
            pid: number | null;
            crew: components["schemas"]["CrewName"];
            /** @description null while nobody knows where it will be */
            node: string | null;
            /** @description as which Slurm knows it */
            job?: string;
            /**
             * @description of one that Slurm starts; lost: it is made sure that it has ended
             * @enum {string}
             */
            state?: "waiting" | "ready" | "lost";
            /** @description why it waits or is lost */
            reason?: string;
            place?: number;
            cpus: number[];
            boss?: number;
            instruction?: number;
            name?: string;
            kind?: string;
            scheduler_ticket?: number | null;
            /** @description instructions sent ahead to it, not begun */
            ahead: number;
        };
        /** @description why workers could not load it; absent when they could */
        KindFault: {
            type: string;
            message: string;
            /** Format: date-time */
            since: string;
            /**
             * Format: date-time
             * @description until then its instructions fail at once
             */
            retry_at?: string;
        };
        Kind: {
            kind: string;
            /** @description plugin file, absent for built-in kinds */
            file?: string;
            footprint: Record<string, unknown>;
            schema: Record<string, unknown>;
            fault?: components["schemas"]["KindFault"];
        };
        RefusedPlugin: {
            file: string;
            reason: string;
        };
        /** @description an attribute by which a scheduler is chosen or set */
        PolicySetting: {
            /** @enum {string} */
            type: "str" | "FPStr" | "int" | "float" | "bool" | "FPList" | "FPTuple" | "FPSet" | "FPDict" | "array";
            /** @description what it may be */
            values?: unknown[];
            /** @description other names */
            alias?: string[];
            optional?: boolean;
            default?: unknown;
            info: string;
        };
        Policy: {
            scheduler: string;
            /** @description plugin file, absent for the policies of the program */
            file?: string;
            info: string;
            /** @description a request that chooses it; mandatory settings of a plugin have to be added */
            example: Record<string, unknown>;
            /** @description the attributes by which it is chosen and set. What others know in a request is left aside; a policy of a plugin refuses it */
            settings: {
                [key: string]: components["schemas"]["PolicySetting"];
            };
        };
        Cores: {
            total: number;
            cpus: number[];
            order: number[];
        };
        /** @description MiB */
        Memory: {
            total: number;
            granted: number;
        };
        Slots: {
            total: number;
            used: number;
        };
        /** @description CPUs that a worker holds */
        Place: {
            place: number;
            cpus: number[];
            boss: number;
            cores: number;
            /** @description MiB */
            memory: number;
        };
        /** @description of nodes that can be used */
        ClusterCores: {
            total: number;
            granted: number;
        };
        /** @description MiB */
        ClusterMemory: {
            total: number;
            granted: number;
        };
        /** @description worker processes, those that Slurm has not started, and how many there may be */
        ClusterHosts: {
            total: number;
            waiting: number;
            most: number;
        };
        Node: {
            node: string;
            cores: number;
            /** @description MiB that an instruction can have */
            memory: number;
            /** @description as Slurm calls it */
            state: string;
            usable: boolean;
        };
        /** @description what Slurm has; absent without --slurm */
        Cluster: {
            ready: boolean;
            /** @description why it starts nothing */
            reason?: string;
            cores: components["schemas"]["ClusterCores"];
            memory: components["schemas"]["ClusterMemory"];
            hosts: components["schemas"]["ClusterHosts"];
            nodes: components["schemas"]["Node"][];
        };
        StoreState: {
            file: string;
            ready: boolean;
            reason?: string;
        };
        /** @description what a Boss was told */
        BossEvent: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "boss.created" | "boss.working" | "boss.halted" | "boss.ending";
        };
        /** @description a Boss starts nothing more */
        BossStopping: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "boss.stopping";
            /**
             * @description stop: what runs finishes, now: it is told to end, error: something failed
             * @enum {string}
             */
            how: "stop" | "now" | "error";
            error?: components["schemas"]["BossError"];
        };
        /** @description a Boss is over; nothing of it follows */
        BossOver: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "boss.over";
            /** @enum {string} */
            status: "finished" | "stopped" | "failed";
            counts: components["schemas"]["Counts"];
        };
        /** @description a Boss got instructions */
        InstructionsAppended: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instructions.appended";
            /** @description id of the first one */
            first: number;
            /** @description id of the last one */
            last: number;
        };
        /** @description an attempt began; not told where it ended at once */
        InstructionStarted: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instruction.started";
            instruction: number;
            attempt: number;
            scheduler_ticket: number | null;
            cpus: number[];
            node?: string;
        };
        /** @description an attempt came to nothing and there will be another */
        InstructionRetrying: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instruction.retrying";
            instruction: number;
            attempt: number;
            cause: components["schemas"]["Cause"];
            /**
             * Format: date-time
             * @description when that may begin
             */
            not_before?: string;
        };
        /** @description a cancel was asked for; the report follows */
        InstructionCancelled: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instruction.cancelled";
            instruction: number;
            reason: string;
        };
        /** @description an instruction ended; with its report entry */
        InstructionReported: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instruction.reported";
            instruction: number;
            name: string;
            /** @description the worker kind that was hired */
            kind: string;
            outcome: components["schemas"]["Outcome"];
            /** @description what the task returned; null when it returned nothing */
            report: unknown;
            cause?: components["schemas"]["Cause"];
            error?: components["schemas"]["TaskError"];
            traceback?: string;
            exit_code?: number;
            signal?: string;
            /** @description the limit that ended it */
            limit?: number;
            /** @description what was measured against that limit */
            measured?: number;
            /** @description last lines of stderr of a task that failed */
            stderr_tail?: string;
            attempt: number;
            scheduler_ticket: number | null;
            /** @description CPUs it was bound to; empty when it could use all */
            cpus: number[];
            node?: string;
            /** @description null when it never started */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string;
            usage: components["schemas"]["Usage"];
        };
        /** @description reports that a worker gave in together, told where `brief` was asked for; name, kind and start are of the first, the rest from `attempt` on is the last one's */
        InstructionsReported: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instructions.reported";
            /** @description how many */
            n: number;
            /** @description the first instruction */
            first: number;
            /** @description the last one; others of the same Boss may be between them */
            last: number;
            name: string;
            kind: string;
            succeeded: number;
            failed: number;
            cancelled: number;
            cause?: components["schemas"]["Cause"];
            attempt: number;
            scheduler_ticket: number | null;
            /** @description CPUs it was bound to; empty when it could use all */
            cpus: number[];
            node?: string;
            /** @description null when it never started */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string;
            usage: components["schemas"]["Usage"];
        };
        /** @description what a task says of how far it is; in no log */
        InstructionProgress: {
            /** Format: date-time */
            at: string;
            boss: number;
            /** @enum {string} */
            type: "instruction.progress";
            instruction: number;
            attempt: number;
            /** @description what the task said */
            value: unknown;
        };
        /** @description a stretch of the log that is not told: it was removed, or the follower lags behind */
        Gap: {
            seq: number;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            type: "gap";
            /** @description the first seq that is missing */
            from: number;
            /** @description the last one */
            to: number;
        };
        /** @description what happened; decide by `type`, and leave aside what you do not know */
        Event: components["schemas"]["BossEvent"] | components["schemas"]["BossStopping"] | components["schemas"]["BossOver"] | components["schemas"]["InstructionsAppended"] | components["schemas"]["InstructionStarted"] | components["schemas"]["InstructionRetrying"] | components["schemas"]["InstructionCancelled"] | components["schemas"]["InstructionReported"] | components["schemas"]["InstructionsReported"] | components["schemas"]["InstructionProgress"] | components["schemas"]["Gap"];
        /** @description A refusal (RFC 9457). What is not required are the facts of the case */
        Problem: {
            /** @enum {string} */
            type: "about:blank";
            /** @description the phrase of the status */
            title: string;
            status: number;
            /**
             * @description stable name of what happened; decide by this one
             * @enum {string}
             */
            code: "bad-json" | "bad-request" | "unauthorized" | "forbidden" | "bad-origin" | "not-found" | "method-not-allowed" | "stalled" | "name-taken" | "boss-not-listening" | "boss-halted" | "boss-not-over" | "already-done" | "array-in-use" | "idempotency-in-progress" | "too-large" | "unsupported-type" | "uneven-columns" | "no-adequate-worker" | "ambiguous-worker" | "unknown-attribute-token" | "never-fits" | "missing-array" | "bad-host" | "idempotency-conflict" | "invalid" | "upgrade-required" | "too-many-requests" | "headers-too-large" | "internal" | "draining" | "not-ready" | "store-refuses";
            /** @description for a person: what was asked, what there is, what to do */
            detail: string;
            /** @description the Boss that is meant: its id, or what was asked for */
            boss?: number | string;
            /** @description its status */
            boss_status?: string;
            /** @description it has been told to end */
            ending?: boolean;
            /** @description instructions that have not ended */
            pending?: number;
            /** @description its instructions by status */
            counts?: {
                [key: string]: number;
            };
            /** @description the id of the instruction that is meant */
            instruction?: number;
            /** @description the row that is wrong, from 1; in a preview from 0 */
            row?: number;
            /** @description the line of the upload that is wrong, from 1 */
            line?: number;
            /** @description the list of a preview in which the row is */
            list?: string;
            /** @description the attribute that is wrong */
            attribute?: string;
            /** @description the worker kind that would be hired */
            kind?: string;
            /** @description what in its text cannot be replaced */
            token?: string;
            /** @description the column that is no list */
            column?: string;
            /** @description values that each column has */
            lengths?: {
                [key: string]: number;
            };
            /** @description the name that is taken */
            name?: string;
            /** @description the array that is meant */
            array?: string;
            /** @description worker kinds, at most 20: by name with what each has against the row, or a list of those that suit it equally well */
            kinds?: Record<string, unknown> | unknown[];
            /** @description the field that is wrong, as in `instructions.0.priority` */
            field?: string;
            /** @description fields that there are not */
            unknown?: string[];
            /** @description values that may be given there */
            allowed?: unknown[];
            /** @description what was asked for */
            asked?: unknown;
            /** @description what there is of it: names, or how much */
            available?: unknown;
            /** @description how many were found of those asked for */
            found?: number;
            /** @description the scheduler that was asked for */
            scheduler?: unknown;
            /** @description the Idempotency-Key that is meant */
            key?: string;
            /** @description why not; of a scheduler by policy and attribute */
            reasons?: unknown[] | Record<string, unknown>;
            /** @description policies that are chosen equally well */
            tie?: string[];
            /** @description the value that is wrong */
            value?: unknown;
            /** @description why the store takes nothing */
            reason?: string;
            /** @description bytes that were asked for */
            needed?: number;
            /** @description bytes that there are */
            room?: number;
            /** @description rows that one call takes */
            max_rows?: number;
            /** @description bytes that are taken there */
            max_bytes?: number;
            /** @description s for which an upload may send nothing */
            upload_idle?: number;
            /** @description s after which to ask again */
            retry_after?: number;
            /** @description requests a second that are taken */
            rate_limit?: number;
            /** @description the id under which the log of the daemon tells more */
            request?: string;
        };
        /** @description A Boss: it takes instructions and answers with reports */
        Boss: {
            id: number;
            name?: string;
            status: components["schemas"]["BossStatus"];
            halted: boolean;
            ending: boolean;
            /** @description the policy with every setting resolved */
            scheduler: {
                [key: string]: unknown;
            };
            crew: components["schemas"]["CrewName"];
            /** @enum {string} */
            on_error: "continue" | "stop";
            verbose: boolean;
            maxlenreport: number;
            retry?: components["schemas"]["RetryPolicy"];
            counts: components["schemas"]["Counts"];
            error?: components["schemas"]["BossError"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            over_at?: string;
            /** @description attributes of rows that came to nothing: their kind does not know them, and no [token] stands for them; the first 20, absent when there are none. Only in the answer to the call that gave the rows */
            ignored?: components["schemas"]["IgnoredAttribute"][];
        };
        /** @description One page of Bosses */
        BossList: {
            items: components["schemas"]["Boss"][];
            /** @description give it as `after` for the next page; absent on the last */
            next?: string;
        };
        /** @description One piece of work */
        Instruction: {
            /** @description from 1 in each Boss */
            id: number;
            name: string;
            /** @description the worker kind it was resolved to */
            kind: string;
            status: components["schemas"]["InstructionStatus"];
            attributes: {
                [key: string]: unknown;
            };
            cores: number;
            priority: number;
            limits: components["schemas"]["Limits"];
            /** @description the instruction of which it is a new go */
            retry_of?: number;
            /** @description that one’s Boss, where it is another */
            retry_of_boss?: number;
            /**
             * Format: date-time
             * @description when its next attempt may begin
             */
            not_before?: string;
            attempts: components["schemas"]["Attempt"][];
            /** @description why it does not run yet */
            waiting_for?: string;
        };
        /** @description One page of instructions */
        InstructionList: {
            items: components["schemas"]["Instruction"][];
            /** @description give it as `after` for the next page; absent on the last */
            next?: string;
        };
        /** @description What an append stored, durably */
        Appended: {
            count: number;
            /** @description id of the first one */
            first: number;
            /** @description id of the last one; all between belong to this append */
            last: number;
            /** @description attributes of rows that came to nothing: their kind does not know them, and no [token] stands for them; the first 20, absent when there are none. Only in the answer to the call that gave the rows */
            ignored?: components["schemas"]["IgnoredAttribute"][];
        };
        /** @description What each row would become */
        DryRun: {
            instructions: components["schemas"]["Resolved"][];
            /** @description attributes of rows that came to nothing: their kind does not know them, and no [token] stands for them; the first 20, absent when there are none. Only in the answer to the call that gave the rows */
            ignored?: components["schemas"]["IgnoredAttribute"][];
        };
        /** @description Bosses that were removed */
        Pruned: {
            /** @description true: nothing was removed */
            dry_run: boolean;
            /** @description how many */
            bosses: number;
            /** @description that they took, estimated */
            bytes: number;
            /** @description the first 1,000 of them, the oldest first */
            items: components["schemas"]["PrunedBoss"][];
        };
        /** @description One final report */
        ReportEntry: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            instruction: number;
            name: string;
            /** @description the worker kind that was hired */
            kind: string;
            outcome: components["schemas"]["Outcome"];
            /** @description what the task returned; null when it returned nothing */
            report: unknown;
            cause?: components["schemas"]["Cause"];
            error?: components["schemas"]["TaskError"];
            traceback?: string;
            exit_code?: number;
            signal?: string;
            /** @description the limit that ended it */
            limit?: number;
            /** @description what was measured against that limit */
            measured?: number;
            /** @description last lines of stderr of a task that failed */
            stderr_tail?: string;
            attempt: number;
            scheduler_ticket: number | null;
            /** @description CPUs it was bound to; empty when it could use all */
            cpus: number[];
            node?: string;
            /** @description null when it never started */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string;
            usage: components["schemas"]["Usage"];
        };
        /** @description One page of a report */
        Report: {
            boss: number;
            /**
             * @description interim while the Boss lives; then finished, pending (work left over) or workers exception (a failure stopped it)
             * @enum {string}
             */
            status: "interim" | "finished" | "pending" | "workers exception";
            /** @description ordered by seq */
            workers_report: components["schemas"]["ReportEntry"][];
            /** @description instructions not yet ended */
            pending: number;
            /** @description the last seq of this page, exactly when more is committed; give it as `after` */
            next?: number;
        };
        /** @description What failed, by cause and kind */
        FailureList: {
            /** @description the largest first */
            items: components["schemas"]["FailureGroup"][];
        };
        /** @description An array in memory that the workers of a Boss share; C order, little-endian */
        SharedArray: {
            name: string;
            /** @enum {string} */
            dtype: "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float32" | "float64" | "bool";
            /** @description lengths of its dimensions; [] for a single value */
            shape: number[];
            /** @description its .npy file on the machine of the daemon, which others can map too */
            path: string;
        };
        /** @description The shared arrays of a Boss */
        SharedArrayList: {
            items: components["schemas"]["SharedArray"][];
        };
        /** @description Worker processes and what they carry out */
        WorkerList: {
            items: components["schemas"]["Worker"][];
        };
        /** @description The daemon goes down */
        Draining: {
            /** @description seconds that what runs has from the first time on that it was asked to go down */
            grace: number;
            /** @description workers that carry something out */
            working: number;
            /** @description these workers */
            items: components["schemas"]["Worker"][];
        };
        /** @description Worker kinds that can be hired */
        KindList: {
            items: components["schemas"]["Kind"][];
            /** @description plugins that were left out */
            refused: components["schemas"]["RefusedPlugin"][];
        };
        /** @description Policies that a Boss can ask for */
        SchedulerList: {
            items: components["schemas"]["Policy"][];
        };
        /** @description One decision of a scheduler */
        Preview: {
            /** @description rows that may start now, in launch order, each as it was given but with its `scheduler_ticket`: null when it gets none */
            launchable: Record<string, unknown>[];
            /** @description names of the others, in the order in which they are kept */
            not_yet_launchable: string[];
        };
        /** @description What the machine has and who holds it */
        Resources: {
            cores: components["schemas"]["Cores"];
            memory: components["schemas"]["Memory"];
            /**
             * @description how declared memory is enforced: by the kernel (cgroups), or by watching what processes hold
             * @enum {string}
             */
            memory_enforcement: "cgroup2" | "cgroup1" | "rss";
            /** @description why not by something better */
            memory_enforcement_reason?: string;
            slots: components["schemas"]["Slots"];
            places: components["schemas"]["Place"][];
            slurm?: components["schemas"]["Cluster"];
            store: components["schemas"]["StoreState"];
        };
        /** @description Whether everything agrees with everything else */
        Consistency: {
            consistent: boolean;
            /** @description what does not agree */
            breaches: string[];
        };
        /** @description events in order of `seq` */
        Events: components["schemas"]["Event"][];
        /** @description What is known of a token */
        Token: {
            id: number;
            name: string;
            /** @enum {string} */
            role: "read" | "submit" | "admin";
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description absent: it does not expire
             */
            expires_at?: string;
        };
        /** @description Tokens, the oldest first */
        TokenList: {
            items: components["schemas"]["Token"][];
        };
        /** @description A token that was just made */
        NewToken: {
            id: number;
            name: string;
            /** @enum {string} */
            role: "read" | "submit" | "admin";
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description absent: it does not expire
             */
            expires_at?: string;
            /** @description the secret, told this once */
            token: string;
        };
        /** @description Who asks, and what that role may */
        Caller: {
            /** @enum {string} */
            role: "read" | "submit" | "admin";
            /** @description of the token; absent where none is asked for */
            name?: string;
        };
    };
    responses: {
        /** @description Unauthorized: `unauthorized` */
        unauthorized: {
            headers: {
                /** @description that a bearer token is asked for */
                "WWW-Authenticate": string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Request Timeout: `stalled` */
        stalled: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large: `too-large` */
        "too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: `unsupported-type` */
        "unsupported-type": {
            headers: {
                /** @description how a body may be packed, where that was wrong */
                "Accept-Encoding"?: string;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Misdirected Request: `bad-host` */
        "bad-host": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests: `too-many-requests` */
        "too-many-requests": {
            headers: {
                /** @description s after which to ask again */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Request Header Fields Too Large: `headers-too-large` */
        "headers-too-large": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error: `internal` */
        internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Insufficient Storage: `store-refuses` */
        "store-refuses": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Bad Request: `bad-request` */
        "bad-request": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unprocessable Entity: `invalid` */
        invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable: `draining` */
        draining: {
            headers: {
                /** @description s after which to ask again */
                "Retry-After": number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: `not-found` */
        "not-found": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `boss-not-over` */
        "boss-not-over": {
            headers: {
                /** @description s after which to ask again, where that helps */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `already-done` */
        "already-done": {
            headers: {
                /** @description s after which to ask again, where that helps */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `array-in-use` */
        "array-in-use": {
            headers: {
                /** @description s after which to ask again, where that helps */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: `bad-origin` */
        "bad-origin": {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Upgrade Required: `upgrade-required` */
        "upgrade-required": {
            headers: {
                /** @description what to ask for */
                Upgrade?: "websocket";
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: `forbidden` */
        forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `idempotency-in-progress` */
        "idempotency-in-progress": {
            headers: {
                /** @description s after which to ask again, where that helps */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `name-taken` */
        "name-taken": {
            headers: {
                /** @description s after which to ask again, where that helps */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listBosses: {
        parameters: {
            query?: {
                /** @description entries of a page at most */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description which come first */
                order?: "oldest" | "newest";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    /** @description `<…>; rel="next"` leads to the next page; absent on the last */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BossList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    createBoss: {
        parameters: {
            query?: {
                /** @description say what each row would become, or what is refused, and make nothing */
                dry_run?: boolean;
            };
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly",
                 *       "scheduler": {
                 *         "limit": "threads",
                 *         "max_threads": 4
                 *       },
                 *       "common_instructions": {
                 *         "kind": "sleeper"
                 *       },
                 *       "individual_instructions": {
                 *         "sleeping_time": [
                 *           1,
                 *           2
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewBoss"];
            };
        };
        responses: {
            /** @description of a dry run */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description the Boss */
            201: {
                headers: {
                    /** @description path of what was made */
                    Location: string;
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description path of what was made */
                    Location: string;
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["stalled"];
            /** @description Conflict: `name-taken`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `uneven-columns`, `no-adequate-worker`, `ambiguous-worker`, `unknown-attribute-token`, `never-fits`, `missing-array`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    /** @description s after which to ask again */
                    "Retry-After": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            507: components["responses"]["store-refuses"];
        };
    };
    getBoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the Boss */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    removeBoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            409: components["responses"]["boss-not-over"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    listInstructions: {
        parameters: {
            query?: {
                status?: "pending" | "working" | "succeeded" | "failed" | "cancelled";
                kind?: string;
                name?: string;
                cause?: "exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired";
                /** @description entries of a page at most */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page */
            200: {
                headers: {
                    /** @description `<…>; rel="next"` leads to the next page; absent on the last */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstructionList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    appendInstructions: {
        parameters: {
            query?: {
                /** @description say what each row would become, or what is refused, and store nothing */
                dry_run?: boolean;
            };
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "common_instructions": {
                 *         "kind": "sleeper"
                 *       },
                 *       "individual_instructions": {
                 *         "sleeping_time": [
                 *           1,
                 *           2,
                 *           3
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Append"];
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description of a dry run */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description stored */
            201: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appended"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `name-taken`, `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `uneven-columns`, `no-adequate-worker`, `ambiguous-worker`, `unknown-attribute-token`, `never-fits`, `missing-array`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    /** @description s after which to ask again */
                    "Retry-After": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            507: components["responses"]["store-refuses"];
        };
    };
    cancelInstructions: {
        parameters: {
            query?: {
                /** @description both when absent */
                status?: "pending" | "working";
                kind?: string;
                name?: string;
                /** @description why, for who reads its report */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description how many were cancelled; those that run end later */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cancelled"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    changeInstructions: {
        parameters: {
            query?: {
                /** @description both when absent */
                status?: "pending" | "working";
                kind?: string;
                name?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description how many were changed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Changed"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    getInstruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the instruction */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the instruction */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    cancelInstruction: {
        parameters: {
            query?: {
                /** @description why, for who reads its report */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the instruction */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description it will end; it runs, or its worker has not given it back yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            409: components["responses"]["already-done"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    changeInstruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the instruction */
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            409: components["responses"]["already-done"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    getOutput: {
        parameters: {
            query?: {
                stream?: "stdout" | "stderr";
                /** @description the newest when absent */
                attempt?: number;
                /** @description true: go on with what is written until the attempt ends; of an instruction that waits, begin when it begins */
                follow?: boolean;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the instruction */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the bytes */
            200: {
                headers: {
                    /** @description `written=N, kept=M` in bytes, when not all was kept */
                    "Taylord-Cut"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    work: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Work"];
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    halt: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        /** @description nothing needs to be said */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    end: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        /** @description nothing needs to be said */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    stop: {
        parameters: {
            query?: {
                now?: boolean;
            };
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        /** @description nothing needs to be said */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    retry: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description `return=minimal`: 204 without a body instead of what is answered else
                 * @example return=minimal
                 */
                prefer?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Retry"];
            };
        };
        responses: {
            /** @description stored */
            201: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appended"];
                };
            };
            /** @description done; asked with `Prefer: return=minimal` */
            204: {
                headers: {
                    "Preference-Applied": "return=minimal";
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `name-taken`, `idempotency-in-progress` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `never-fits`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    getReport: {
        parameters: {
            query?: {
                /** @description false: refuse with `boss-not-over` before the end */
                interim?: boolean;
                /** @description seq after which to begin */
                after?: number;
                /** @description entries of a page at most */
                limit?: number;
            };
            header?: {
                /**
                 * @description `wait=N`: wait until the Boss is over, at most N s
                 * @example wait=0
                 */
                prefer?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page, or all entries */
            200: {
                headers: {
                    /** @description what of `Prefer` was heeded */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-halted`, `boss-not-over` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    /** @description what of `Prefer` was heeded */
                    "Preference-Applied"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listFailures: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description groups */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FailureList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a .npy file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    putArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description it replaced another one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArray"];
                };
            };
            /** @description the Boss has it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArray"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            /** @description Conflict: `boss-not-listening`, `array-in-use` */
            409: {
                headers: {
                    /** @description s after which to ask again, where that helps */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    /** @description s after which to ask again */
                    "Retry-After": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            507: components["responses"]["store-refuses"];
        };
    };
    removeArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            409: components["responses"]["array-in-use"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    listArrays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArrayList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listenToBoss: {
        parameters: {
            query?: {
                /** @description seq after which to begin; 0 = the oldest kept, absent = only what happens from now on */
                since?: number;
                /** @description so many entries of the log at most before what happens from now on, up to a sixteenth less, so that many who ask share what is read; a `gap` stands for what is behind `since` and before them */
                last?: number;
                /** @description true: reports as `instructions.reported`, those that a worker gave in together as one, without what they handed back, ten times a second at most; no `instruction.started` where its report is told together with it; for who draws what goes on. With `kind` or `outcome` each report is told by itself */
                brief?: boolean;
                /** @description only reports of these kinds, separated by commas, and what becomes of Bosses */
                kind?: string;
                /** @description only reports with these outcomes, separated by commas, and what becomes of Bosses */
                outcome?: string;
            };
            header?: {
                /** @description the `seq` after which to begin, as a browser sends it */
                "last-event-id"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events follow; each text message looks like this */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
            /** @description events follow, each an `Event` as `data` of one server-sent event */
            200: {
                headers: {
                    "Cache-Control"?: "no-store";
                    /** @description a proxy shall pass it on at once */
                    "X-Accel-Buffering"?: "no";
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description the Boss is over and nothing follows: do not come again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["bad-origin"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            426: components["responses"]["upgrade-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listen: {
        parameters: {
            query?: {
                /** @description only of these Bosses, ids or names, separated by commas */
                boss?: string;
                /** @description seq after which to begin; 0 = the oldest kept, absent = only what happens from now on */
                since?: number;
                /** @description so many entries of the log at most before what happens from now on, up to a sixteenth less, so that many who ask share what is read; a `gap` stands for what is behind `since` and before them */
                last?: number;
                /** @description true: reports as `instructions.reported`, those that a worker gave in together as one, without what they handed back, ten times a second at most; no `instruction.started` where its report is told together with it; for who draws what goes on. With `kind` or `outcome` each report is told by itself */
                brief?: boolean;
                /** @description only reports of these kinds, separated by commas, and what becomes of Bosses */
                kind?: string;
                /** @description only reports with these outcomes, separated by commas, and what becomes of Bosses */
                outcome?: string;
            };
            header?: {
                /** @description the `seq` after which to begin, as a browser sends it */
                "last-event-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events follow; each text message looks like this */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
            /** @description events follow, each an `Event` as `data` of one server-sent event */
            200: {
                headers: {
                    "Cache-Control"?: "no-store";
                    /** @description a proxy shall pass it on at once */
                    "X-Accel-Buffering"?: "no";
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["bad-origin"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            426: components["responses"]["upgrade-required"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description worker processes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description worker kinds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getResources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description cores, memory, slots, places, store */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resources"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    checkConsistency: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consistency"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    listSchedulers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description policies of the program, defaults as on this machine, and those of plugins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulerList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    previewScheduler: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scheduler": {
                 *         "limit": "memory",
                 *         "max_memory": 1000
                 *       },
                 *       "pending": [
                 *         {
                 *           "name": "large",
                 *           "memory": 900
                 *         },
                 *         {
                 *           "name": "small",
                 *           "memory": 100
                 *         }
                 *       ],
                 *       "workers": [
                 *         {
                 *           "name": "running",
                 *           "scheduler_ticket": 0,
                 *           "memory": 500
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["PreviewRequest"];
            };
        };
        responses: {
            /** @description the decision */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["stalled"];
            409: components["responses"]["idempotency-in-progress"];
            413: components["responses"]["too-large"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    prune: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description one limit is enough to go; without any, the limits of the daemon (--keep-days, --keep-bosses, --keep-mib) */
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "older_than": 604800,
                 *       "dry_run": true
                 *     }
                 */
                "application/json": components["schemas"]["Prune"];
            };
        };
        responses: {
            /** @description what was removed */
            200: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pruned"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["stalled"];
            409: components["responses"]["idempotency-in-progress"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description tokens, the oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "role": "submit",
                 *       "expires_in": 2592000
                 *     }
                 */
                "application/json": {
                    /** @description for people; unique */
                    name: string;
                    /**
                     * @description read: look at everything; submit: also Bosses, instructions, arrays; admin: also tokens, prune, drain
                     * @enum {string}
                     */
                    role: "read" | "submit" | "admin";
                    /** @description s from now; without it the token does not expire */
                    expires_in?: number;
                };
            };
        };
        responses: {
            /** @description the token */
            201: {
                headers: {
                    /** @description path of what was made */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["stalled"];
            409: components["responses"]["name-taken"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            422: components["responses"]["invalid"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    whoAmI: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the role, and whose it is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
            507: components["responses"]["store-refuses"];
        };
    };
    livez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ok"];
                };
            };
            400: components["responses"]["bad-request"];
            408: components["responses"]["stalled"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ok"];
                };
            };
            400: components["responses"]["bad-request"];
            408: components["responses"]["stalled"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            /** @description Service Unavailable: `not-ready`, `draining` */
            503: {
                headers: {
                    /** @description s after which to ask again */
                    "Retry-After": number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description families of figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getContract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": Record<string, unknown>;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HTML */
            200: {
                headers: {
                    /** @description nothing but the style of the page */
                    "Content-Security-Policy": string;
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["bad-request"];
            401: components["responses"]["unauthorized"];
            408: components["responses"]["stalled"];
            421: components["responses"]["bad-host"];
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getDashboard: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description HTML */
            200: {
                headers: {
                    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                    /** @description of this build */
                    ETag: string;
                    "Cache-Control": "no-cache";
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description it is the one of `If-None-Match` */
            304: {
                headers: {
                    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
                    /** @description of this build */
                    ETag: string;
                    "Cache-Control": "no-cache";
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description what it loads lies beside it, so its address ends with a slash */
            308: {
                headers: {
                    Location: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["bad-request"];
            408: components["responses"]["stalled"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    getDashboardFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    "Cache-Control": "public, max-age=31536000, immutable";
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                    "text/css": string;
                    "image/svg+xml": string;
                };
            };
            400: components["responses"]["bad-request"];
            404: components["responses"]["not-found"];
            408: components["responses"]["stalled"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
    drain: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description the call is carried out once, however often it is sent with this key, such as a UUID; kept for 24 hours
                 * @example 0b9b3c1e-6a56-4c7a-9c57-0d1c5d3a8f10
                 */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description nothing needs to be said */
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description it goes down; what still runs */
            202: {
                headers: {
                    /** @description this was answered before */
                    "Idempotency-Replayed"?: "true";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draining"];
                };
            };
            /** @description Bad Request: `bad-json`, `bad-request` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description Forbidden: `forbidden`, `bad-origin` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            408: components["responses"]["stalled"];
            409: components["responses"]["idempotency-in-progress"];
            415: components["responses"]["unsupported-type"];
            421: components["responses"]["bad-host"];
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["too-many-requests"];
            431: components["responses"]["headers-too-large"];
            500: components["responses"]["internal"];
            503: components["responses"]["draining"];
        };
    };
}
