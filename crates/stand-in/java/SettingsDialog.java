package ibgateway;

import java.awt.FlowLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.swing.JDialog;
import javax.swing.JLabel;
import javax.swing.JPanel;
import javax.swing.JRadioButton;
import javax.swing.JTextField;
import javax.swing.JTree;
import javax.swing.tree.DefaultMutableTreeNode;

/** The settings, as far as helpers make them: the time of the daily restart. */
final class SettingsDialog {
    private static boolean ready;
    private static boolean wanted;

    private SettingsDialog() {}

    /** Settings that were asked for before the end of a login open now. */
    static void makeReady() {
        ready = true;
        if (wanted) {
            open();
        }
    }

    static void open() {
        if (!ready) {
            wanted = true;
            return;
        }
        JDialog dialog = Dialogs.make("Stand-in Gateway Configuration");
        DefaultMutableTreeNode root = new DefaultMutableTreeNode("Configuration");
        root.add(new DefaultMutableTreeNode("Lock and Exit"));
        dialog.add(new JTree(root));

        JTextField time = new JTextField("11:45", 6);
        JRadioButton am = new JRadioButton("AM");
        JRadioButton pm = new JRadioButton("PM", true);
        JRadioButton restart = new JRadioButton("Auto restart");
        JPanel times = new JPanel(new FlowLayout());
        JPanel label = new JPanel(new FlowLayout());
        label.add(new JLabel("Set Auto Restart Time (HH:MM)"));
        times.add(label);
        times.add(time);
        times.add(am);
        times.add(pm);
        times.add(restart);
        times.add(new JRadioButton("Auto logoff", true));
        dialog.add(times);

        Dialogs.button(dialog, "OK", () -> {
            keep(time.getText() + (am.isSelected() ? " AM" : " PM")
                + (restart.isSelected() ? " restart" : " logoff"));
            dialog.dispose();
        });
        Dialogs.show(dialog);
    }

    private static void keep(String setting) {
        try {
            Files.writeString(Path.of(System.getProperty("jtsConfigDir"), "restart-time"), setting);
        } catch (java.io.IOException error) {
            throw new java.io.UncheckedIOException(error);
        }
    }
}
