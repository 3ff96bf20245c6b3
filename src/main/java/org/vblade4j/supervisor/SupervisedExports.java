// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.List;
import java.util.Optional;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.export.Export;
import org.vblade4j.export.ExportLauncher;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.target.StationActivity;

/** Real exports as the supervisor sees them. */
public final class SupervisedExports implements Supervised.Factory {
    private final ExportLauncher launcher;

    public SupervisedExports(ExportLauncher launcher) {
        this.launcher = launcher;
    }

    @Override
    public void hurry() {
        launcher.hurry();
    }

    @Override
    public Supervised start(
            ExportSpec spec, DaemonSettings settings, Supervised.Listener listener) {
        return new Run(launcher.start(spec, settings.port(), new Relay(listener)));
    }

    private record Run(Export export) implements Supervised {
        @Override
        public void stop() {
            export.stop();
        }

        @Override
        public void apply(DaemonSettings settings) {
            export.apply(settings.port());
        }

        @Override
        public Optional<ExportStatus> status() {
            return export.status();
        }

        @Override
        public List<StationActivity> activities() {
            return export.activities();
        }
    }

    private record Relay(Supervised.Listener listener) implements Export.Listener {
        @Override
        public void started(Export export) {
            listener.started();
        }

        @Override
        public void ended(Export export, Throwable cause) {
            listener.ended(cause);
        }
    }
}
