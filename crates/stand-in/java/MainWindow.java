package ibgateway;

import javax.swing.JDialog;
import javax.swing.JFrame;
import javax.swing.JLabel;
import javax.swing.JMenu;
import javax.swing.JMenuBar;
import javax.swing.JMenuItem;

/** The main window: helpers know it by its menu, and close the Gateway through it. */
final class MainWindow {
    private static JFrame instance;

    private MainWindow() {}

    static JFrame instance() {
        return instance;
    }

    static void open(Session session) {
        instance = new JFrame("Stand-in Gateway");
        JMenuBar bar = new JMenuBar();
        JMenu file = menu("File", "Close", () -> askToExit(session));
        JMenuItem restart = new JMenuItem("Restart...");
        restart.addActionListener(event -> session.restartWithToken());
        file.add(restart);
        bar.add(file);
        bar.add(menu("Configure", "Settings", SettingsDialog::open));
        bar.add(menu("Help", "About IB Gateway", () -> { }));
        instance.setJMenuBar(bar);
        instance.setDefaultCloseOperation(JFrame.DO_NOTHING_ON_CLOSE);
        instance.setSize(400, 200);
        instance.setVisible(true);
    }

    private static JMenu menu(String title, String item, Runnable chosen) {
        JMenu menu = new JMenu(title);
        JMenuItem entry = new JMenuItem(item);
        entry.addActionListener(event -> chosen.run());
        menu.add(entry);
        return menu;
    }

    private static void askToExit(Session session) {
        JDialog dialog = Dialogs.make("Exit");
        dialog.add(new JLabel("Are you sure you want to exit?"));
        Dialogs.button(dialog, "Yes", session::end);
        Dialogs.button(dialog, "No", dialog::dispose);
        Dialogs.show(dialog);
    }
}
